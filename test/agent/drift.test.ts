import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { Drift } from '../../agent/drift.ts';
import type { DirectionResult, PlannedChange } from '../../agent/drivers/driver.ts';

const desired: DesiredState = { cursor: 'c1', adminStateUp: true, ports: new Map() };
const change = (
  portId: string | null,
  direction: PlannedChange['direction'] = 'EGRESS',
): PlannedChange => ({ portId, direction, mechanism: 'openflow', sentence: 'Do it.' });
const result = (
  portId: string,
  status: DirectionResult['status'] = 'APPLIED',
  ruleId: string | null = 'rule',
): DirectionResult => ({
  portId,
  direction: 'EGRESS',
  ruleId,
  ruleVersion: 1,
  status,
  message: null,
  programmed: null,
});
const held = [result('a'), result('b', 'DEGRADED')];

/** Rounds of the same desired state with these results, then one with these changes that ends with all held again. */
function repairs(
  changes: readonly PlannedChange[],
  rounds: readonly (readonly DirectionResult[])[] = [held],
  last: DesiredState = desired,
) {
  const drift = new Drift();
  for (const results of rounds) expect(drift.repairs({ desired, results }, [])).toEqual([]);
  return drift.repairs({ desired: last, results: held }, changes);
}

describe('A change is a repair', () => {
  test('of what was read back as held, while nothing else is asked for', () => {
    expect(repairs([change('a'), change('b')])).toHaveLength(2);
  });

  test('also where it was found lost first, as a queue that only the kernel lost', () => {
    const lost = [result('a', 'FAILED'), result('b')];
    expect(repairs([change('a')], [held, lost, lost])).toHaveLength(1);
  });

  test('not when the desired state moved, nor in the first round', () => {
    expect(repairs([change('a')], [held], { ...desired, cursor: 'c2' })).toEqual([]);
    expect(repairs([change('a')], [])).toEqual([]);
  });

  test('not of the other direction, of another port, or of nobody’s rows', () => {
    expect(repairs([change('a', 'INGRESS'), change('c'), change(null)])).toEqual([]);
  });

  test('not where no limit held: its port was not plugged, it failed, or it was removed', () => {
    const before = [result('a', 'WAITING_FOR_PORT'), result('b', 'FAILED')];
    expect(repairs([change('a'), change('b')], [held.slice(0, 1), before])).toEqual([]);
    expect(repairs([change('a')], [[result('a', 'APPLIED', null)]])).toEqual([]);
  });

  test('not while the limit does not hold again', () => {
    const drift = new Drift();
    drift.repairs({ desired, results: held }, []);
    const results = [result('a', 'FAILED')];
    expect(drift.repairs({ desired, results }, [change('a')])).toEqual([]);
    expect(drift.repairs({ desired, results: held }, [change('a')])).toHaveLength(1);
  });
});
