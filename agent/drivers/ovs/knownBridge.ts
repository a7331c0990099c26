import type { Snapshot } from '../../openflow/snapshot.ts';
import type { OpenFlowWrite } from './aims.ts';
import { contentsIn, sameContents, withWrites } from './bridgeContents.ts';
import type { ForeignFlows } from './foreignFlows.ts';
import type { KnownOpenFlow } from './observe.ts';

/** What is known of a bridge: one look at all of it, and what was written and seen since. */
export class KnownBridge {
  #view: KnownOpenFlow;
  /** What `#view` was read from; null: written to since. */
  #snapshot: Snapshot | null;
  /** Counts writes, when they begin and when they end. */
  #writes = 0;

  constructor(about: Pick<KnownOpenFlow, 'version' | 'features' | 'foreign'>, snapshot: Snapshot) {
    this.#view = { state: 'known', ...about, ...contentsIn(snapshot) };
    this.#snapshot = snapshot;
  }

  get view(): KnownOpenFlow {
    return this.#view;
  }

  /** To be asked before each look: it says which writes had begun and ended by then. */
  get writes(): number {
    return this.#writes;
  }

  beginWrite(): void {
    this.#writes += 1;
    this.#snapshot = null;
  }

  /** `done`: what the switch took. */
  endWrite(done: readonly OpenFlowWrite[]): void {
    this.#writes += 1;
    this.#view = { ...this.#view, ...withWrites(this.#view, done) };
  }

  /**
   * Takes in a look that was begun when `writes` were counted; true where it shows something else than was known.
   * What was read while a write went on shows neither before nor after.
   */
  see(snapshot: Snapshot, writes: number): boolean {
    if (writes !== this.#writes || this.#snapshot?.isLike(snapshot)) return false;
    this.#snapshot = snapshot;
    const contents = contentsIn(snapshot);
    if (sameContents(this.#view, contents)) return false;
    this.#view = { ...this.#view, ...contents };
    return true;
  }

  /** Takes in that these flows of others, and no more, stand where Sluice's would. */
  seeForeign(foreign: ForeignFlows): void {
    this.#view = { ...this.#view, foreign };
  }
}
