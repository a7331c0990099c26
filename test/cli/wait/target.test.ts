import { describe, expect, test } from 'vitest';
import { judge, removalTargets, targetsOf } from '../../../cli/wait/target.ts';
import type { BindingStatus } from '../../../schema/generated/graphql.ts';

const rule = (...statuses: { status: BindingStatus; stale?: boolean }[]) => ({
  ...{ portId: 'p', direction: 'EGRESS' },
  bindings: statuses.map(({ status, stale = false }, index) => ({
    ...{ host: `host-${index}`, status, stale, message: null },
  })),
});

describe('a wait for a rule', () => {
  test.each([
    { bindings: [], verdict: 'waiting' },
    { bindings: [{ status: 'APPLIED' }], verdict: 'settled' },
    { bindings: [{ status: 'APPLIED' }, { status: 'APPLIED' }], verdict: 'settled' },
    { bindings: [{ status: 'APPLIED' }, { status: 'PENDING' }], verdict: 'waiting' },
    { bindings: [{ status: 'APPLIED', stale: true }], verdict: 'waiting' },
    { bindings: [{ status: 'PENDING' }, { status: 'FAILED' }], verdict: 'failed' },
    { bindings: [{ status: 'APPLIED' }, { status: 'DEGRADED' }], verdict: 'failed' },
    { bindings: [{ status: 'WAITING_FOR_PORT' }], verdict: 'waiting' },
    { bindings: [{ status: 'DISABLED' }], verdict: 'waiting' },
    { bindings: [{ status: 'NO_AGENT' }], verdict: 'waiting' },
  ] as const)('over $bindings is $verdict', ({ bindings, verdict }) => {
    expect(judge(targetsOf(rule(...bindings)))).toBe(verdict);
  });

  test('says what is missing', () => {
    expect(targetsOf(rule({ status: 'PENDING', stale: true }))).toMatchObject([
      { host: 'host-0', subject: 'EGRESS of port p', message: 'its agent is away' },
    ]);
  });
});

test('a removal has settled where the host has confirmed it, or where nothing is kept of it', () => {
  const port = {
    id: 'p',
    bindings: [
      { host: 'a', settled: true, removalFault: null },
      { host: 'b', settled: false, removalFault: null },
    ],
  };
  const targets = removalTargets([{ portId: 'p', hosts: ['a', 'b', 'c'] }], new Map([['p', port]]));
  expect(targets.map(({ host, state }) => [host, state])).toEqual([
    ...[
      ['a', 'settled'],
      ['b', 'waiting'],
      ['c', 'settled'],
    ],
  ]);
  const left = {
    ...port,
    bindings: [{ host: 'a', settled: true, removalFault: 'Meter 7 stays.' }],
  };
  expect(removalTargets([{ portId: 'p', hosts: ['a'] }], new Map([['p', left]]))).toMatchObject([
    { state: 'failed', status: 'FAILED', message: 'Meter 7 stays.' },
  ]);
  expect(judge(removalTargets([{ portId: 'q', hosts: [] }], new Map()))).toBe('settled');
});
