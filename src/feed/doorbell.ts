import type { Part } from '../../lib/lifecycle.ts';
import type { Notice } from './notice.ts';

/**
 * Tells the servers that something was committed. Rung after the commit, never inside the transaction
 * (invariant 4). A ring may be lost: the feed watch looks for itself every few seconds.
 */
export interface Doorbell extends Part {
  /** Wakes this server's own subscribers at once, the other servers' soon. Never waits, never throws. */
  ring(notice: Notice): void;
  /** True while other servers' rings are heard. */
  readonly connected: boolean;
  /** Since its line was last seen to live: a few seconds at most, while it is connected. */
  readonly silentMs: number;
}
