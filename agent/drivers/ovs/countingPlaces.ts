import type { MeterStats } from '../../openflow/meters.ts';
import type { MeterTally } from '../../openflow/meterTally.ts';
import type { Check } from './aims.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import { DeviceAnswer } from './deviceAnswer.ts';
import { deviceKey } from './judge.ts';
import type { TcReader } from './tc.ts';
import type { DeviceQuestion } from './tcBatch.ts';

interface Seen {
  /** The look that last found something else here than the one before. */
  changedIn: number;
}

export interface MeterPlace extends Seen {
  readonly kind: 'meter';
  readonly bridge: string;
  readonly id: number;
  /** Undefined: it is not there. */
  stats: MeterStats | undefined;
}

export interface DevicePlace extends Seen {
  readonly kind: 'device';
  /** What `judge` knows it by. */
  readonly key: string;
  readonly question: DeviceQuestion;
  answer: DeviceAnswer | null;
}

/** Where limits count: a meter, or a device with a queue, a policer or the queues of many. */
export type Place = MeterPlace | DevicePlace;

/** Places that are looked at together. */
interface Round {
  readonly devices: readonly DevicePlace[];
  readonly questions: readonly DeviceQuestion[];
  /** By bridge and meter id. */
  readonly meters: ReadonlyMap<string, ReadonlyMap<number, MeterPlace>>;
}

export interface LookAt {
  readonly tc: TcReader;
  readonly links: BridgeLinks;
}

/** All places in which limits count, and what was last seen there: what did not move is neither decoded nor made anew. */
export class CountingPlaces {
  readonly #at: LookAt;
  readonly #known = new Map<string, Place>();
  /** By bridge. */
  #tallies = new Map<string, MeterTally>();
  #round: Round = { devices: [], questions: [], meters: new Map() };
  #looks = 0;

  constructor(at: LookAt) {
    this.#at = at;
  }

  /** The place that a check is about; null: it is about none that counts. */
  of(check: Check): Place | null {
    switch (check.kind) {
      case 'meter':
        return this.#meter(check.bridge, check.meter.id);
      case 'htb':
      case 'guarantee':
        return this.#device({ device: check.device, show: 'classes' });
      case 'police':
        return this.#device({ device: check.device, show: 'filters' });
      default:
        return null;
    }
  }

  /** From now on these are looked at, and no others. */
  keep(places: Iterable<Place>): void {
    const wanted = new Set(places);
    for (const [key, place] of this.#known) if (!wanted.has(place)) this.#known.delete(key);
    this.#tallies.clear();
    const devices = [...wanted].filter((place) => place.kind === 'device');
    const meters = new Map<string, Map<number, MeterPlace>>();
    for (const place of wanted) {
      if (place.kind !== 'meter') continue;
      const ofBridge = meters.get(place.bridge) ?? new Map<number, MeterPlace>();
      meters.set(place.bridge, ofBridge.set(place.id, place));
    }
    this.#round = { devices, questions: devices.map(({ question }) => question), meters };
  }

  /** One look at a time; gives its number. */
  async look(): Promise<number> {
    const { meters } = this.#round;
    this.#looks += 1;
    const number = this.#looks;
    await Promise.all([
      this.#lookAtDevices(this.#round, number),
      ...[...meters].map(([bridge, places]) => this.#lookAtMeters(bridge, places, number)),
    ]);
    return number;
  }

  /** What the last look showed has been taken in. */
  rest(): void {
    for (const { answer } of this.#round.devices) answer?.rest();
  }

  #meter(bridge: string, id: number): Place {
    const key = `meter ${id} ${bridge}`;
    return this.#place(key, { kind: 'meter', bridge, id, stats: undefined, changedIn: 0 });
  }

  /** One that took the name of another has an index of its own: nothing that was seen of that one is its. */
  #device(question: DeviceQuestion): Place {
    const key = deviceKey(question.device, question.show);
    const place = { kind: 'device', key, question, answer: null, changedIn: 0 } as const;
    return this.#place(`${key} ${question.device.ifindex}`, place);
  }

  #place(key: string, place: Place): Place {
    const known = this.#known.get(key) ?? place;
    this.#known.set(key, known);
    return known;
  }

  async #lookAtDevices({ devices, questions }: Round, number: number): Promise<void> {
    if (questions.length === 0) return;
    await this.#at.tc.askEach(questions, (index, bytes, start, end) => {
      const place = devices[index];
      if (!place || place.answer?.isLike(bytes, start, end)) return;
      place.answer = new DeviceAnswer(bytes, start, end);
      place.changedIn = number;
    });
  }

  async #lookAtMeters(
    bridge: string,
    places: ReadonlyMap<number, MeterPlace>,
    number: number,
  ): Promise<void> {
    const tally = await this.#at.links.get(bridge)?.connected().meterTally();
    const before = this.#tallies.get(bridge);
    const moved = before && tally?.movedSince(before);
    if (moved) {
      for (const stats of moved) see(places.get(stats.id), stats, number);
    } else {
      const all = new Map(tally?.all().map((stats) => [stats.id, stats]));
      for (const place of places.values()) see(place, all.get(place.id), number);
    }
    if (tally) this.#tallies.set(bridge, tally);
    else this.#tallies.delete(bridge);
  }
}

function see(place: MeterPlace | undefined, stats: MeterStats | undefined, number: number): void {
  if (!place || (!place.stats && !stats)) return;
  place.stats = stats;
  place.changedIn = number;
}
