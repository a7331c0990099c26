import {
  type Applied,
  type Commit,
  type History,
  type Opened,
  type Outage,
  ofHost,
  ofKind,
  textOf,
  type Violation,
} from '../history.ts';

/**
 * Promise 4, bounded delay: a change is with every host concerned within the bound, a feed that was
 * opened says its first step within the bound; each counted from the end of what kept the host away.
 */
export function bounded(history: History): Violation[] {
  return history.hosts.flatMap((host) => [
    ...lateChanges(history, host),
    ...silentFeeds(history, host),
  ]);
}

/** How long each change took to its host, where nothing kept it away. */
export function delaysMs(history: History): number[] {
  return history.hosts.flatMap((host) =>
    moves(history, host).flatMap((commit) => {
      const { atMs } = commit;
      const arrived = arrival(history, commit);
      const disturbed = deadlineOf(history, host, atMs) > atMs + history.boundMs;
      return arrived === undefined || disturbed ? [] : [arrived - atMs];
    }),
  );
}

function lateChanges(history: History, host: string): Violation[] {
  return moves(history, host).flatMap((commit) => {
    const deadlineMs = deadlineOf(history, host, commit.atMs);
    const arrivedMs = arrival(history, commit) ?? history.endedAtMs;
    if (arrivedMs <= deadlineMs) return [];
    return [
      `${host} was not told of ${textOf(commit.position)} in time: ${Math.round(arrivedMs - commit.atMs)} ms, ${Math.round(arrivedMs - deadlineMs)} ms late.`,
    ];
  });
}

/** The commits that moved the host's feed. */
function moves(history: History, host: string): Commit[] {
  const seen = new Set<string>();
  return ofHost(history.commits, host).filter(({ position }) => {
    const fresh = !seen.has(textOf(position));
    seen.add(textOf(position));
    return fresh;
  });
}

/** When an agent first stood there or beyond; later epochs are beyond. */
function arrival(history: History, { id, host, position }: Commit): number | undefined {
  const later = new Set(
    ofHost(history.commits, host)
      .filter((other) => other.id >= id)
      .map((other) => other.position.epoch),
  );
  const beyond = (applied: Applied) =>
    applied.position.epoch === position.epoch
      ? applied.position.head >= position.head
      : later.has(applied.position.epoch);
  return ofHost(ofKind(history, 'applied'), host).find(beyond)?.atMs;
}

function silentFeeds(history: History, host: string): Violation[] {
  return ofHost(ofKind(history, 'opened'), host).flatMap((opened) => {
    const deadlineMs = deadlineOf(history, host, opened.atMs);
    return answeredMs(history, opened) <= deadlineMs
      ? []
      : [`A feed of ${host} opened from ${textOf(opened.since)} stayed silent.`];
  });
}

/** When the feed said something, or was closed. */
function answeredMs(history: History, { subscription }: Opened): number {
  const answer = history.events.find(
    (event) =>
      (event.kind === 'received' || event.kind === 'closed') && event.subscription === subscription,
  );
  return answer?.atMs ?? history.endedAtMs;
}

/** The bound counts anew from the end of each outage that begins before it is over. */
function deadlineOf({ outages, boundMs }: History, host: string, atMs: number): number {
  const mine = outages.filter((outage) => outage.host === null || outage.host === host);
  const byTime = mine.toSorted((a: Outage, b: Outage) => a.fromMs - b.fromMs);
  return byTime.reduce(
    (deadlineMs, { fromMs, untilMs }) =>
      fromMs <= deadlineMs ? Math.max(deadlineMs, untilMs + boundMs) : deadlineMs,
    atMs + boundMs,
  );
}
