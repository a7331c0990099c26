import {
  type Commit,
  type History,
  type Opened,
  ofHost,
  ofKind,
  type Position,
  type Received,
  samePosition,
  textOf,
  type Violation,
} from '../history.ts';

/** A commit is written down a moment before it can be seen; database stalls are shorter. */
const commitMs = 3_000;

/**
 * Promise 3, resumable: an agent that comes back within the retention is sent only what it missed, and
 * any cursor from which that cannot be told gets the whole state.
 */
export function resumable(history: History): Violation[] {
  const received = ofKind(history, 'received');
  return ofKind(history, 'opened').flatMap((opened) => {
    const first = received.find(({ subscription }) => subscription === opened.subscription);
    const commits = ofHost(history.commits, opened.host);
    return first ? wrongBeginning(opened, first, commits) : [];
  });
}

function wrongBeginning(opened: Opened, first: Received, commits: readonly Commit[]): Violation[] {
  const { host, since } = opened;
  if (first.from && !samePosition(first.from, since)) {
    return [`${host} asked from ${textOf(since)} and was sent a step from ${textOf(first.from)}.`];
  }
  if (first.from && since && outdated(since, opened, commits)) {
    return [`${host} resumed at ${textOf(since)}, from which its feed could not be told any more.`];
  }
  if (!first.from && since && couldResume(since, first, commits)) {
    return [`${host} asked from ${textOf(since)} and was sent the whole state without need.`];
  }
  return [];
}

/** What can surely be seen when the feed opens stands against resuming there, or nothing ever stood there. */
function outdated(since: Position, { atMs }: Opened, commits: readonly Commit[]): boolean {
  const reached = commits.findIndex(({ position }) => samePosition(position, since));
  const surely = commits.findLastIndex((commit) => commit.atMs < atMs - commitMs);
  const newest = commits[surely];
  return reached < 0 || (surely > reached && newest !== undefined && !isWithin(since, newest));
}

/** Resuming at `since` is possible once this commit is seen. */
const isWithin = (since: Position, { position, floor }: Commit): boolean =>
  since.epoch === position.epoch && since.head >= floor;

/** Nothing that may have been seen before the first message stood against it. */
function couldResume(since: Position, first: Received, commits: readonly Commit[]): boolean {
  const visible = commits.filter(({ atMs }) => atMs <= first.atMs);
  const reached = visible.some(({ position }) => samePosition(position, since));
  const after = visible.slice(visible.findIndex(({ position }) => samePosition(position, since)));
  return reached && after.every((commit) => isWithin(since, commit));
}
