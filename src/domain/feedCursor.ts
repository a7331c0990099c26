/**
 * A position in one host's feed. `epoch` names the host's feed and the database cluster that it
 * lives in (invariant 6), so a cursor of another host, or from before a restore, never matches.
 */
export interface FeedPosition {
  readonly epoch: string;
  readonly revision: bigint;
}

const version = '1';
const maxLength = 200;
/** A uuid, PostgreSQL's system identifier and its timeline. PostgreSQL refuses a whole statement for one NUL in a text. */
const epochPattern = /^[0-9A-Za-z.-]+$/;

/** The opaque `Cursor` of the contract. */
export function encodeFeedCursor({ epoch, revision }: FeedPosition): string {
  return Buffer.from(`${version}|${epoch}|${revision}`).toString('base64url');
}

/** Null for anything this server did not write: such a cursor gets the whole state, never an error (invariant 6). */
export function decodeFeedCursor(cursor: string): FeedPosition | null {
  if (cursor.length > maxLength) return null;
  const [cursorVersion, epoch, revision, ...rest] = Buffer.from(cursor, 'base64url')
    .toString('latin1')
    .split('|');
  if (cursorVersion !== version || rest.length > 0) return null;
  if (!epoch || !epochPattern.test(epoch)) return null;
  if (!revision || !/^\d{1,18}$/.test(revision)) return null;
  return { epoch, revision: BigInt(revision) };
}
