import {
  type Applied,
  type Commit,
  type History,
  type HostState,
  limitsText,
  limitText,
  ofHost,
  ofKind,
  samePosition,
  stateText,
  textOf,
  type Violation,
} from '../history.ts';

/**
 * Promise 2, complete: a position of a host means one state and no other; an agent that stands at a
 * position has that state; and when all is quiet it stands at the last. In a step of several pieces a
 * limit may be newer than the position, never older.
 */
export function complete(history: History): Violation[] {
  return history.hosts.flatMap((host) => {
    const commits = ofHost(history.commits, host);
    return [
      ...ambiguousPositions(commits),
      ...ofHost(ofKind(history, 'applied'), host).flatMap((applied) =>
        wrongState(commits, applied),
      ),
      ...unfinished(history, commits, host),
    ];
  });
}

function ambiguousPositions(commits: readonly Commit[]): Violation[] {
  const known = new Map<string, string>();
  return commits.flatMap(({ host, position, state }) => {
    const [key, text] = [textOf(position), stateText(state)];
    const before = known.get(key) ?? text;
    known.set(key, text);
    return before === text
      ? []
      : [`Position ${key} of ${host} means two states: ${before} and ${text}.`];
  });
}

function wrongState(commits: readonly Commit[], applied: Applied): Violation[] {
  const { host, position, state, pieces } = applied;
  const index = commits.findIndex((commit) => samePosition(commit.position, position));
  const commit = commits[index];
  if (!commit) return [`The agent of ${host} stands at ${textOf(position)}, which never was.`];
  if (stateText(state) === stateText(commit.state)) return [];
  if (pieces > 1 && isNewer(state, commits.slice(index))) return [];
  return [
    `At ${textOf(position)} the agent of ${host} has ${stateText(state)} instead of ${stateText(commit.state)}.`,
  ];
}

/** Each part of the state is that of the first of these commits or of a later one. */
function isNewer({ adminStateUp, limits }: HostState, commits: readonly Commit[]): boolean {
  const keys = new Set(commits.flatMap(({ state }) => Object.keys(state.limits)));
  for (const key of Object.keys(limits)) keys.add(key);
  return (
    commits.some(({ state }) => state.adminStateUp === adminStateUp) &&
    [...keys].every((key) =>
      commits.some(({ state }) => limitText(state.limits[key]) === limitText(limits[key])),
    )
  );
}

function unfinished(history: History, commits: readonly Commit[], host: string): Violation[] {
  const last = commits.at(-1);
  if (!last) return [`Nothing was written down of ${host}.`];
  const applied = ofHost(ofKind(history, 'applied'), host).at(-1);
  const enforced = ofHost(ofKind(history, 'enforced'), host).at(-1);
  const wanted = last.state.adminStateUp ? last.state.limits : {};
  const violations: Violation[] = [];
  if (applied && stateText(applied.state) !== stateText(last.state)) {
    violations.push(
      `The agent of ${host} ended with ${stateText(applied.state)} instead of ${stateText(last.state)}.`,
    );
  }
  if (enforced && limitsText(enforced.limits) !== limitsText(wanted)) {
    violations.push(
      `The driver of ${host} ended with ${limitsText(enforced.limits)} instead of ${limitsText(wanted)}.`,
    );
  }
  return applied || enforced ? violations : [`The agent of ${host} never had any state.`];
}
