import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { driftIn } from '../../agent/drift.ts';
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
const settled = { desired, results: [result('a'), result('b', 'DEGRADED')] };

describe('A change is a repair', () => {
  test('of what was read back as held, while nothing else is asked for', () => {
    expect(driftIn(settled, desired, [change('a'), change('b')])).toHaveLength(2);
  });

  test('not when the desired state moved, nor in the first round', () => {
    expect(driftIn(settled, { ...desired, cursor: 'c2' }, [change('a')])).toEqual([]);
    expect(driftIn(null, desired, [change('a')])).toEqual([]);
  });

  test('not of the other direction, of another port, or of nobody’s rows', () => {
    const others = [change('a', 'INGRESS'), change('c'), change(null)];
    expect(driftIn(settled, desired, others)).toEqual([]);
  });

  test('not where no limit held: its port was not plugged, it failed, or it was removed', () => {
    const results = [
      result('a', 'WAITING_FOR_PORT'),
      result('b', 'FAILED'),
      result('c', 'APPLIED', null),
    ];
    const changes = [change('a'), change('b'), change('c')];
    expect(driftIn({ desired, results }, desired, changes)).toEqual([]);
  });
});
