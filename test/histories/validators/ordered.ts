import {
  type Applied,
  type Enforced,
  type History,
  type Limits,
  type Opened,
  ofHost,
  ofKind,
  type Position,
  type Received,
  type Restored,
  type Started,
  samePosition,
  textOf,
  type Violation,
} from '../history.ts';

/**
 * Promise 1, ordered: the steps of a feed join without a gap, no agent goes back to an older position,
 * and no rule is enforced in an older version after a newer one, unless the database itself went back.
 */
export function ordered(history: History): Violation[] {
  return history.hosts.flatMap((host) => [
    ...joinedSteps(history, host),
    ...forwardPositions(history, host),
    ...forwardVersions(history, host),
  ]);
}

function joinedSteps(history: History, host: string): Violation[] {
  const received = ofHost(ofKind(history, 'received'), host);
  return ofHost(ofKind(history, 'opened'), host).flatMap((opened) =>
    gapsOf(
      opened,
      received.filter(({ subscription }) => subscription === opened.subscription),
    ),
  );
}

function gapsOf({ host, since }: Opened, messages: readonly Received[]): Violation[] {
  const violations: Violation[] = [];
  let stand = since;
  for (const { from, to, more } of messages) {
    if (from && !samePosition(from, stand)) {
      violations.push(
        `A step of ${host} continues at ${textOf(from)}, but the feed stood at ${textOf(stand)}.`,
      );
    }
    if (!more) stand = to;
  }
  return violations;
}

function forwardPositions(history: History, host: string): Violation[] {
  const violations: Violation[] = [];
  const left = new Set<string>();
  let stand: Position | null = null;
  for (const event of history.events) {
    if (!isStand(event) || event.host !== host) continue;
    const { kind, position }: Started | Applied = event;
    if (kind === 'started') {
      stand = position;
      left.clear();
      continue;
    }
    if (stand && stand.epoch !== position.epoch) left.add(stand.epoch);
    if (left.has(position.epoch)) {
      violations.push(
        `The agent of ${host} went back to ${textOf(position)}, an epoch it had left.`,
      );
    } else if (stand && stand.epoch === position.epoch && stand.head > position.head) {
      violations.push(
        `The agent of ${host} went back from ${textOf(stand)} to ${textOf(position)}.`,
      );
    }
    stand = position;
  }
  return violations;
}

const isStand = (event: History['events'][number]): event is Started | Applied =>
  event.kind === 'started' || event.kind === 'applied';

/** In an agent's life, and in what drivers were asked, whatever life that was. */
function forwardVersions(history: History, host: string): Violation[] {
  const violations: Violation[] = [];
  let applied = new Map<string, number>();
  let enforced = new Map<string, number>();
  let epoch = '';
  for (const event of history.events) {
    if (!concerns(event, host)) continue;
    switch (event.kind) {
      case 'started':
        applied = new Map();
        break;
      case 'restored':
        enforced = new Map();
        break;
      case 'applied':
        if (event.position.epoch !== epoch) applied = new Map();
        epoch = event.position.epoch;
        violations.push(...olderThan(applied, event.state.limits, host));
        break;
      default:
        violations.push(...olderThan(enforced, event.limits, host));
    }
  }
  return violations;
}

function concerns(
  event: History['events'][number],
  host: string,
): event is Started | Restored | Applied | Enforced {
  if (event.kind === 'restored') return event.hosts.includes(host);
  return (
    (event.kind === 'started' || event.kind === 'applied' || event.kind === 'enforced') &&
    event.host === host
  );
}

function olderThan(newest: Map<string, number>, limits: Limits, host: string): Violation[] {
  return Object.values(limits).flatMap(({ ruleId, version }) => {
    const known = newest.get(ruleId) ?? 0;
    newest.set(ruleId, Math.max(known, version));
    if (version >= known) return [];
    return [`${host} was given rule ${ruleId} in version ${version} after version ${known}.`];
  });
}
