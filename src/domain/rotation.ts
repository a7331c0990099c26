/** Which tokens stand for an enrolled host's credential. */
export interface Rotation {
  /** The newest that was made. */
  readonly current: string;
  /** The one it replaces; null once the newest was seen. */
  readonly previous: string | null;
  /** How long ago the newest was first seen; null: not yet, or it is the first. */
  readonly seenMsAgo: number | null;
}

/**
 * What a token says of its credential: `newest`, seen for the first time or again; `previous`, whose holder may
 * never have got the newest (a lost answer, a crash before it was saved); `late`, read from the disk just before
 * it was replaced; `copied`: it was replaced, its holder took the newest, and yet somebody shows it.
 */
export type Shown = 'newest' | 'previous' | 'late' | 'copied';

const lateMs = 60_000;

export function judgeToken({ current, previous, seenMsAgo }: Rotation, token: string): Shown {
  if (token === current) return 'newest';
  if (token === previous) return 'previous';
  return seenMsAgo !== null && seenMsAgo < lateMs ? 'late' : 'copied';
}
