import type { Actor } from '../domain/actor.ts';
import { refuse } from '../domain/errors.ts';
import { callerOf } from './budget.ts';
import type { Limits } from './limits.ts';

const most = { ofHost: 2, ofCaller: 100 } as const;

/** What holds a place: a socket, once its client has said who it is. */
export interface PlaceHolder {
  /** Another socket of the same host takes its place. */
  giveWay(): void;
}

/** How many WebSockets there are: in all, from an address that nobody knows yet, and of one caller. */
export class SocketPlaces {
  readonly #limits: Pick<Limits, 'sockets' | 'strangersPerAddress'>;
  readonly #strangers = new Map<string, number>();
  /** Each caller's, in the order in which they came. */
  readonly #holders = new Map<string, Set<PlaceHolder>>();
  #taken = 0;

  constructor(limits: Pick<Limits, 'sockets' | 'strangersPerAddress'>) {
    this.#limits = limits;
  }

  /** Why this address gets no socket now, as a status; undefined: it does. */
  refusal(address: string): string | undefined {
    if (this.#taken >= this.#limits.sockets) return '503 Service Unavailable';
    const strangers = this.#strangers.get(address) ?? 0;
    return strangers >= this.#limits.strangersPerAddress ? '429 Too Many Requests' : undefined;
  }

  /** A socket came; call the first function once it is known whose it is, the second when it is gone. */
  enter(address: string): { known: () => void; left: () => void } {
    let stranger = true;
    this.#taken += 1;
    this.#strangers.set(address, (this.#strangers.get(address) ?? 0) + 1);
    const known = () => {
      if (!stranger) return;
      stranger = false;
      const others = (this.#strangers.get(address) ?? 0) - 1;
      if (others > 0) this.#strangers.set(address, others);
      else this.#strangers.delete(address);
    };
    const left = () => {
      known();
      this.#taken -= 1;
    };
    return { known, left };
  }

  /**
   * Gives a caller's socket its place. A host's third makes the oldest go: that is half open where an agent came
   * back, and an agent must not be kept out by what it left behind. Of others the newest is refused, or they
   * would take turns for ever.
   */
  hold(actor: Actor, holder: PlaceHolder): void {
    const caller = callerOf(actor);
    const holders = this.#holders.get(caller) ?? new Set();
    if (actor.role === 'agent' && holders.size >= most.ofHost) {
      const [oldest] = holders;
      if (oldest) holders.delete(oldest);
      oldest?.giveWay();
    } else if (holders.size >= most.ofCaller) {
      const message = `One caller has ${most.ofCaller} sockets at most; each carries many operations.`;
      throw refuse('LIMIT_EXCEEDED', message);
    }
    holders.add(holder);
    this.#holders.set(caller, holders);
  }

  release(actor: Actor, holder: PlaceHolder): void {
    const caller = callerOf(actor);
    const holders = this.#holders.get(caller);
    if (holders?.delete(holder) && holders.size === 0) this.#holders.delete(caller);
  }
}
