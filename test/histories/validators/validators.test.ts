import { describe, expect, test } from 'vitest';
import type { History } from '../history.ts';
import { bounded, delaysMs } from './bounded.ts';
import { complete } from './complete.ts';
import { durable } from './durable.ts';
import { validate } from './index.ts';
import { ordered } from './ordered.ts';
import { resumable } from './resumable.ts';
import {
  applied,
  at,
  closed,
  commit,
  enforced,
  good,
  opened,
  received,
  started,
  withVersion,
} from './sample.ts';

const withEvents = (...events: History['events']): History => ({ ...good, events });

test('a good history breaks no promise', () => {
  expect(validate(good)).toEqual([]);
});

describe('ordered', () => {
  test('refuses a step that leaves a gap', () => {
    const history = withEvents(
      opened(1, 1, null),
      received(2, 1, null, at(1)),
      received(3, 1, at(2), at(3)),
    );
    expect(ordered(history)).toEqual([
      'A step of h continues at e1/2, but the feed stood at e1/1.',
    ]);
  });

  test('takes the pieces of one step as one, and a whole state at any time', () => {
    const history = withEvents(
      opened(1, 1, at(1)),
      received(2, 1, at(1), at(2), true),
      received(3, 1, at(1), at(2)),
      received(4, 1, at(2), at(3), true),
      received(5, 1, null, at(4)),
      received(6, 1, at(4), at(5)),
    );
    expect(ordered(history)).toEqual([]);
  });

  test('refuses an agent that goes back, in its epoch or to an epoch it had left', () => {
    const back = withEvents(applied(1, at(2)), applied(2, at(1), withVersion(2)));
    expect(ordered(back)).toEqual(['The agent of h went back from e1/2 to e1/1.']);
    const left = withEvents(applied(1, at(1)), applied(2, at(1, 'e2')), applied(3, at(2)));
    expect(ordered(left)).toEqual(['The agent of h went back to e1/2, an epoch it had left.']);
  });

  test('lets an agent that was killed begin again with what its disk has', () => {
    const history = withEvents(applied(1, at(2)), started(2, at(1)), applied(3, at(1)));
    expect(ordered(history)).toEqual([]);
  });

  test('refuses an older version of a rule after a newer one, unless the database went back', () => {
    const older = [enforced(1, withVersion(2)), enforced(3, withVersion(1))] as const;
    expect(ordered(withEvents(...older))).toEqual([
      'h was given rule r in version 1 after version 2.',
    ]);
    const restored = { kind: 'restored', atMs: 2, hosts: ['h'] } as const;
    expect(ordered(withEvents(older[0], restored, older[1]))).toEqual([]);
  });
});

describe('complete', () => {
  test('refuses a state that is not that of its position, an older one also in pieces', () => {
    const commits = [commit(1, at(1)), commit(2, at(2)), commit(3, at(3))];
    const stale = applied(4, at(2), withVersion(1), 2);
    const history = { ...withEvents(stale, applied(5, at(3))), commits };
    expect(complete(history)).toEqual([
      'At e1/2 the agent of h has up {p EGRESS: r v1 100} instead of up {p EGRESS: r v2 200}.',
    ]);
  });

  test('lets a step in pieces bring what is newer, a single message not', () => {
    const commits = [commit(1, at(1)), commit(2, at(2))];
    const newer = (pieces: number) => ({
      ...withEvents(applied(3, at(1), withVersion(2), pieces), applied(4, at(2))),
      commits,
    });
    expect(complete(newer(2))).toEqual([]);
    expect(complete(newer(1))).toHaveLength(1);
  });

  test('refuses a position that never was, and one that means two states', () => {
    expect(complete(withEvents(applied(1, at(9), withVersion(2))))).toEqual([
      'The agent of h stands at e1/9, which never was.',
    ]);
    const commits = [commit(1, at(1)), commit(2, at(1), withVersion(2))];
    const history = { ...withEvents(applied(3, at(1), withVersion(2))), commits };
    expect(complete(history)[0]).toBe(
      'Position e1/1 of h means two states: up {p EGRESS: r v1 100} and up {p EGRESS: r v2 200}.',
    );
  });

  test('refuses an agent or a driver that ends with anything but the last state', () => {
    const behind = withEvents(applied(110, at(1)), enforced(111, withVersion(1)));
    expect(complete(behind)).toEqual([
      'The agent of h ended with up {p EGRESS: r v1 100} instead of up {p EGRESS: r v2 200}.',
      'The driver of h ended with {p EGRESS: r v1 100} instead of {p EGRESS: r v2 200}.',
    ]);
    expect(complete(withEvents())).toEqual(['The agent of h never had any state.']);
  });
});

describe('resumable', () => {
  const late = [commit(100, at(1)), commit(200, at(2)), commit(300, at(2), withVersion(2), 2)];

  test('refuses a whole state without need', () => {
    const history = withEvents(opened(210, 1, at(1)), received(220, 1, null, at(2)));
    expect(resumable(history)).toEqual([
      'h asked from e1/1 and was sent the whole state without need.',
    ]);
  });

  test('allows the whole state below the floor, past the head, and of another epoch', () => {
    for (const since of [at(1), at(7), at(1, 'e0')]) {
      const events = [opened(310, 1, since), received(320, 1, null, at(2))];
      expect(resumable({ ...good, commits: late, events })).toEqual([]);
    }
  });

  test('refuses to resume where tombstones are gone, or from where nobody asked', () => {
    const below = [opened(9_000, 1, at(1)), received(9_001, 1, at(1), at(2))];
    expect(resumable({ ...good, commits: late, events: below })).toEqual([
      'h resumed at e1/1, from which its feed could not be told any more.',
    ]);
    const other = withEvents(opened(150, 1, at(1)), received(160, 1, at(2), at(2)));
    expect(resumable(other)).toEqual(['h asked from e1/1 and was sent a step from e1/2.']);
  });
});

describe('bounded', () => {
  const lost = withEvents(applied(110, at(1)));

  test('refuses a change that comes late or never', () => {
    expect(bounded(lost)).toEqual(['h was not told of e1/2 in time: 9800 ms, 8800 ms late.']);
    expect(bounded(withEvents(applied(110, at(1)), applied(1_900, at(2))))).toHaveLength(1);
  });

  test('counts from the end of an outage of this host, not of another', () => {
    const outage = { why: 'stopped', fromMs: 1_000, untilMs: 9_500 };
    expect(bounded({ ...lost, outages: [{ ...outage, host: 'h' }] })).toEqual([]);
    expect(bounded({ ...lost, outages: [{ ...outage, host: null }] })).toEqual([]);
    expect(bounded({ ...lost, outages: [{ ...outage, host: 'other' }] })).toHaveLength(1);
    expect(bounded({ ...lost, outages: [{ ...outage, fromMs: 1_300, host: 'h' }] })).toHaveLength(
      1,
    );
  });

  test('takes a later epoch for having been told', () => {
    const commits = [...good.commits, commit(300, at(1, 'e2'))];
    const events = [applied(110, at(1)), applied(400, at(1, 'e2'))];
    expect(bounded({ ...good, commits, events })).toEqual([]);
  });

  test('refuses a feed that is opened and stays silent', () => {
    const told = [applied(110, at(1)), applied(210, at(2))];
    expect(bounded(withEvents(...told, opened(300, 3, at(2))))).toEqual([
      'A feed of h opened from e1/2 stayed silent.',
    ]);
    expect(bounded(withEvents(...told, opened(300, 3, null), closed(900, 3)))).toEqual([]);
  });

  test('knows how long each change took', () => {
    expect(delaysMs(good)).toEqual([10, 10]);
  });
});

test('durable refuses what was acknowledged and is not in the log', () => {
  const acknowledged = [
    { kind: 'acknowledged', atMs: 1, ruleId: 'r', version: 3 },
    { kind: 'acknowledged', atMs: 2, ruleId: 'r', version: null },
  ] as const;
  expect(durable(withEvents(...acknowledged))).toEqual([
    'Version 3 of rule r was acknowledged, and is not in the audit log.',
    'The deletion of rule r was acknowledged, and is not in the audit log.',
  ]);
});
