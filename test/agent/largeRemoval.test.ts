import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { largeRemoval, unconfirmedRemoval } from '../../agent/largeRemoval.ts';
import { limitOf } from '../support/limits.ts';

const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });

/** Ports p<from> to p<to - 1>, each limited in the directions given. */
function state(
  from: number,
  to: number,
  { egress = true, ingress = false, adminStateUp = true } = {},
): DesiredState {
  const ports = Array.from({ length: to - from }, (_, index) => ({
    portId: `p${from + index}`,
    egress: egress ? limit : null,
    ingress: ingress ? limit : null,
  }));
  return { cursor: 'c', adminStateUp, ports: new Map(ports.map((port) => [port.portId, port])) };
}

describe('a large removal', () => {
  test.each([
    ['more than half, and at least 20', state(0, 39), state(20, 39), { removed: 20, of: 39 }],
    ['everything', state(0, 30), state(0, 0), { removed: 30, of: 30 }],
    ['exactly half', state(0, 40), state(20, 40), null],
    ['all of 19', state(0, 19), state(0, 0), null],
    ['as many as come anew', state(0, 30), state(30, 60), { removed: 30, of: 30 }],
    ['nothing: limits only change', state(0, 30), state(0, 30), null],
    ['nothing: there was nothing', null, state(0, 0), null],
    [
      'one direction of every port',
      state(0, 30, { ingress: true }),
      state(0, 30, { egress: false, ingress: true }),
      null,
    ],
    [
      'one direction of every port, and the rest of one',
      state(0, 30, { ingress: true }),
      state(0, 29, { egress: false, ingress: true }),
      { removed: 31, of: 60 },
    ],
    [
      'what an agent that is put down holds',
      state(0, 30),
      state(0, 0, { adminStateUp: false }),
      null,
    ],
  ])('%s', (_name, before, after, removal) => {
    expect(largeRemoval(before, after)).toEqual(removal);
  });
});

describe('a large removal is applied', () => {
  const current = state(0, 100);

  test('only when the whole state, read anew, says so too', () => {
    const next = state(0, 10);
    const removal = { removed: 90, of: 100 };

    expect(unconfirmedRemoval({ current, doubted: null, next, whole: false })).toEqual(removal);
    // The feed began with the whole state: that is once.
    expect(unconfirmedRemoval({ current, doubted: null, next, whole: true })).toEqual(removal);
    expect(unconfirmedRemoval({ current, doubted: next, next, whole: false })).toEqual(removal);
    expect(unconfirmedRemoval({ current, doubted: next, next, whole: true })).toBeNull();
  });

  test('also when a few more are gone by then, but not when most of the rest are', () => {
    const doubted = state(0, 45);
    const judge = (next: DesiredState) =>
      unconfirmedRemoval({ current, doubted, next, whole: true });

    expect(judge(state(0, 44))).toBeNull();
    expect(judge(state(0, 60))).toBeNull();
    expect(judge(state(0, 2))).toEqual({ removed: 98, of: 100 });
  });
});
