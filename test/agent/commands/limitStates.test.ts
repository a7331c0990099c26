import { describe, expect, test } from 'vitest';
import { limitStates } from '../../../agent/commands/limitStates.ts';
import type { Look } from '../../../agent/commands/liveSwitch.ts';
import type { DesiredState } from '../../../agent/desired.ts';
import type { DirectionResult, PlannedChange } from '../../../agent/drivers/driver.ts';
import { limitOf } from '../../support/limits.ts';

const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });
const desired = (adminStateUp = true): DesiredState => ({
  cursor: 'c1',
  adminStateUp,
  ports: new Map([['a', { portId: 'a', egress: limit, ingress: null }]]),
});
const applied: DirectionResult = {
  portId: 'a',
  direction: 'EGRESS',
  ruleId: 'rule',
  ruleVersion: 1,
  status: 'APPLIED',
  message: null,
  programmed: { mechanism: 'openflow_meter', maxKbps: 1000 },
};
const change: PlannedChange = {
  portId: 'a',
  direction: 'EGRESS',
  mechanism: 'openflow',
  sentence: 'Hold it.',
};
const look = (parts: {
  readonly results?: readonly DirectionResult[];
  readonly changes?: readonly PlannedChange[];
}): Look => ({
  observed: { ports: [{ portId: 'a', interfaceName: 'tap1', bridge: 'br0', mac: null }] },
  plan: { changes: parts.changes ?? [] },
  results: parts.results ?? [],
});

describe('The state of a limit', () => {
  test('is what was read back, with where the port is', () => {
    expect(limitStates(desired(), look({ results: [applied] }))).toEqual([
      {
        portId: 'a',
        direction: 'EGRESS',
        interfaceName: 'tap1',
        bridge: 'br0',
        asked: limit,
        programmed: applied.programmed,
        status: 'APPLIED',
        message: null,
      },
    ]);
  });

  test('is PENDING while something is to be done for it, whatever was read', () => {
    const states = limitStates(desired(), look({ results: [applied], changes: [change] }));
    expect(states).toMatchObject([
      { status: 'PENDING', programmed: null, message: 'Not as desired. To do: Hold it.' },
    ]);
  });

  test('is DISABLED while the agent is administratively down and nothing is left to remove', () => {
    expect(limitStates(desired(false), look({}))).toMatchObject([{ status: 'DISABLED' }]);
    expect(limitStates(desired(false), look({ changes: [change] }))).toMatchObject([
      { status: 'PENDING' },
    ]);
  });

  test('is not known without a look at the switch', () => {
    expect(limitStates(desired(), null)).toMatchObject([{ status: null, asked: limit }]);
  });

  test('is listed for what nobody asks for and is still there', () => {
    const left: DirectionResult = {
      ...applied,
      direction: 'INGRESS',
      ruleId: null,
      ruleVersion: null,
      status: 'FAILED',
      message: 'It is still there.',
      programmed: null,
    };
    expect(limitStates(desired(), look({ results: [applied, left] }))).toMatchObject([
      { direction: 'EGRESS', status: 'APPLIED' },
      { direction: 'INGRESS', asked: null, status: 'FAILED', message: 'It is still there.' },
    ]);
  });
});
