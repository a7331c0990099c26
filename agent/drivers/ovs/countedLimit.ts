import type { Usage } from '../driver.ts';
import type { Aim, Check } from './aims.ts';
import { directionKey } from './apply.ts';
import type { Counters } from './counters.ts';
import { htbCounters, meterCounters, policeCounters, sum } from './counters.ts';
import type { CountingPlaces, DevicePlace, Place } from './countingPlaces.ts';
import type { CountingTimes } from './countingTimes.ts';
import type { Sight } from './readBack.ts';

/** A limit that is to hold for a rule. */
export type CountedAim = Extract<Aim, { kind: 'enforced' }> & { readonly ruleId: string };

/** What counting goes by besides the places. */
export interface Circumstances {
  readonly times: CountingTimes;
  /** When the look before this one was. */
  readonly lastAtMs: number;
  readonly isUserspace: (bridge: string) => boolean;
}

/** A check and the place that it is about. */
interface Placed<P extends Place> {
  readonly check: Check;
  readonly place: P;
}

/** One limit, with what it had counted when it was last looked at. */
export class CountedLimit implements Sight {
  readonly key: string;
  readonly aim: CountedAim;
  readonly #placed: readonly Placed<Place>[];
  #usage: Usage | null;
  /** The look that it was last counted in. */
  #look = 0;

  /** `last`: what held in its place before; it may go on counting. */
  constructor(aim: CountedAim, places: CountingPlaces, last?: CountedLimit) {
    this.key = directionKey(aim);
    this.aim = aim;
    this.#placed = aim.checks.flatMap((check) => {
      const place = places.of(check);
      return place ? [{ check, place }] : [];
    });
    this.#usage = last ? last.#usage : null;
  }

  get places(): Place[] {
    return this.#placed.map(({ place }) => place);
  }

  /** Some of it is what tc shows. */
  get isShown(): boolean {
    return this.#placed.some(isDevice);
  }

  get version(): number {
    let version = 0;
    for (const { place } of this.#placed) {
      if (place.kind === 'device' && place.changedIn > version) version = place.changedIn;
    }
    return version;
  }

  devices(): ReadonlyMap<string, string> {
    return new Map(this.#placed.filter(isDevice).map(({ place }) => [place.key, textOf(place)]));
  }

  /** What it has counted by this look: the very same object as in the look before, where it has not moved. Null: it cannot be read. */
  count(look: number, circumstances: Circumstances): Usage | null {
    const { times, isUserspace } = circumstances;
    if (this.#isAsCounted() && !times.isNew(this.key)) return this.#usage;
    this.#look = look;
    const counters = this.#counters(isUserspace);
    const usage = counters && this.#usageOf(counters, circumstances);
    if (!usage || !this.#usage || !sameUsage(usage, this.#usage)) this.#usage = usage;
    return this.#usage;
  }

  #isAsCounted(): boolean {
    if (this.#look === 0) return false;
    for (const { place } of this.#placed) if (place.changedIn > this.#look) return false;
    return true;
  }

  #usageOf(counters: Counters, { times, lastAtMs }: Circumstances): Usage {
    const { portId, direction, ruleId } = this.aim;
    const { bytes, packets, droppedBytes, droppedPackets } = counters;
    const last = this.#usage && { ...this.#usage, atMs: lastAtMs };
    const beganMs = times.beganMs(this.key, packets, last);
    return { portId, direction, ruleId, bytes, packets, droppedBytes, droppedPackets, beganMs };
  }

  /** Null where nothing counts: a mark alone does not, and what is not there (yet) cannot. */
  #counters(isUserspace: Circumstances['isUserspace']): Counters | null {
    const metered = this.#placed.flatMap(({ place }) => (place.kind === 'meter' ? [place] : []));
    if (metered.length > 0) return meterCounters(metered.map(({ stats }) => stats));
    const devices = this.#placed.filter(isDevice);
    for (const { check, place } of devices) {
      if (check.kind === 'htb') return htbCounters(textOf(place), 0, isUserspace(check.bridge));
      if (check.kind === 'police') return policeCounters(textOf(place));
    }
    return guaranteedCounters(devices);
  }
}

/** A port that is guaranteed a rate and limited by nothing is counted where it leaves the host, by whichever link. */
function guaranteedCounters(devices: readonly Placed<DevicePlace>[]): Counters | null {
  const counted = devices.flatMap(({ check, place }) =>
    check.kind === 'guarantee' ? [htbCounters(textOf(place), check.queueId, false)] : [],
  );
  return counted.length > 0 ? sum(counted) : null;
}

function isDevice(placed: Placed<Place>): placed is Placed<DevicePlace> {
  return placed.place.kind === 'device';
}

const textOf = ({ answer }: DevicePlace): string => answer?.text ?? '';

function sameUsage(a: Usage, b: Usage): boolean {
  return (
    a.packets === b.packets &&
    a.bytes === b.bytes &&
    a.droppedPackets === b.droppedPackets &&
    a.droppedBytes === b.droppedBytes &&
    a.beganMs === b.beganMs &&
    a.ruleId === b.ruleId
  );
}
