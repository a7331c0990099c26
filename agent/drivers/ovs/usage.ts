import type { Usage } from '../driver.ts';
import type { Aim, OvsPlan } from './aims.ts';
import { directionKey } from './apply.ts';
import { type CountedAim, CountedLimit } from './countedLimit.ts';
import { CountingPlaces, type LookAt } from './countingPlaces.ts';
import { CountingTimes } from './countingTimes.ts';
import type { Sight } from './readBack.ts';

export interface CountedAt extends LookAt {
  readonly isUserspace: (bridge: string) => boolean;
  readonly nowMs: () => number;
  /** Hears what tc shows of the devices of these limits. */
  readonly onSeen: (sights: readonly Sight[]) => void;
}

/** Beside each aim the limit that is to hold for a rule; null: it is no such. */
interface Followed {
  readonly aims: readonly Aim[];
  readonly limits: readonly (CountedLimit | null)[];
}

/** What is looked at for those that are followed. */
interface Looked {
  readonly followed: Followed;
  readonly limits: readonly CountedLimit[];
  /** Those that tc shows. */
  readonly sights: readonly CountedLimit[];
}

/** Reads what limits counted, from the very places where they are read back; what did not move costs no more than comparing bytes. */
export class UsageReader {
  readonly #from: CountedAt;
  readonly #places: CountingPlaces;
  readonly #times = new CountingTimes();
  #followed: Followed = { aims: [], limits: [] };
  #looked: Looked = { followed: this.#followed, limits: [], sights: [] };
  #lookedAtMs = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(from: CountedAt) {
    this.#from = from;
    this.#places = new CountingPlaces(from);
  }

  /** The plan was applied, beginning at `atMs`. */
  applied({ changes }: OvsPlan, atMs: number): void {
    this.#times.applied(changes, atMs);
  }

  /** From now on this is what holds. */
  follow({ aims }: OvsPlan): void {
    this.#times.settled(this.#from.nowMs());
    const before = this.#followed;
    if (aims === before.aims) return;
    let known: Map<string, CountedLimit> | null = null;
    const limits = aims.map((aim, index) => {
      if (aim === before.aims[index]) return before.limits[index] ?? null;
      if (!isCounted(aim)) return null;
      known ??= byKey(before.limits);
      const last = known.get(directionKey(aim));
      return last?.aim === aim ? last : new CountedLimit(aim, this.#places, last);
    });
    this.#followed = { aims, limits };
  }

  /** One look after the other. What has not moved since the last is the very same object. */
  read(): Promise<readonly Usage[]> {
    const next = this.#last.then(() => this.#read());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** One question a bridge, and one a device with a queue or a policer. */
  async #read(): Promise<readonly Usage[]> {
    if (this.#looked.followed !== this.#followed) this.#lookAt(this.#followed);
    const { limits, sights } = this.#looked;
    const look = await this.#places.look();
    const atMs = this.#from.nowMs();
    const since = {
      times: this.#times,
      lastAtMs: this.#lookedAtMs,
      isUserspace: this.#from.isUserspace,
    };
    const usage: Usage[] = [];
    for (const limit of limits) {
      const counted = limit.count(look, since);
      if (counted) usage.push(counted);
    }
    this.#from.onSeen(sights);
    this.#places.rest();
    this.#lookedAtMs = atMs;
    return usage;
  }

  #lookAt(followed: Followed): void {
    const limits = followed.limits.filter((limit) => limit !== null);
    this.#places.keep(limits.flatMap(({ places }) => places));
    this.#times.keep(new Set(limits.map(({ key }) => key)));
    this.#looked = { followed, limits, sights: limits.filter(({ isShown }) => isShown) };
  }
}

function isCounted(aim: Aim): aim is CountedAim {
  return aim.kind === 'enforced' && aim.ruleId !== null;
}

function byKey(limits: readonly (CountedLimit | null)[]): Map<string, CountedLimit> {
  return new Map(limits.flatMap((limit) => (limit ? [[limit.key, limit]] : [])));
}
