import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../../agent/openflow/flows.ts';
import { desire } from './fixture.ts';
import { A, aim, B, egress, metered, plan, says } from './plans.ts';
import { ids, onePort } from './world.ts';

describe('a plan on a userspace bridge', () => {
  it('records a meter before it makes it, and the flow after the meter', () => {
    const { changes } = plan(egress, onePort(A));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      portId: A,
      secure: [
        {
          op: 'mutate',
          table: 'Bridge',
          mutations: [['external_ids', 'insert', ['map', [[`sluice-meter-kbps-${A}`, '501']]]]],
        },
      ],
      put: [
        {
          kind: 'addMeter',
          meter: { id: 501, unit: 'kbps', bands: [{ rate: 1_000, burst: 800 }] },
        },
        { kind: 'addFlow', flow: { meter: 501, match: { inPort: 1 } } },
      ],
      drop: [],
      release: [],
    });
  });

  it('takes a broken record away before it writes its own, which an insertion alone would not replace', () => {
    const { br0 } = onePort(A).Bridge!;
    const broken = { ...br0, external_ids: ids({ [`sluice-meter-kbps-${A}`]: 'none' }) };
    const { changes } = plan(egress, { ...onePort(A), Bridge: { br0: broken } });
    expect(changes[0]?.secure).toMatchObject([
      {
        mutations: [
          ['external_ids', 'delete', ['set', [`sluice-meter-kbps-${A}`]]],
          ['external_ids', 'insert', ['map', [[`sluice-meter-kbps-${A}`, '501']]]],
        ],
      },
    ]);
  });

  it('takes no meter id that is in use or on record', () => {
    const others = [501, 502].map((meterId) => ({ id: meterId, unit: 'kbps', bands: [] }) as const);
    const { br0 } = onePort(A).Bridge!;
    const recorded = { ...br0, external_ids: ids({ [`sluice-meter-pktps-${B}`]: '503' }) };
    const { changes } = plan(egress, { ...onePort(A), meters: others, Bridge: { br0: recorded } });
    expect(changes[0]?.put[0]).toMatchObject({ kind: 'addMeter', meter: { id: 504 } });
    expect(changes[1]?.drop).toEqual([]);
  });

  it('changes a meter in place and leaves its flow alone', () => {
    const faster = desire({ [A]: { EGRESS: { maxKbps: 2_000, maxBurstKbps: 500 } } });
    expect(plan(faster, metered).changes).toMatchObject([
      {
        secure: [],
        put: [{ kind: 'modifyMeter', meter: { id: 501, bands: [{ rate: 2_000, burst: 500 }] } }],
        drop: [],
      },
    ]);
  });

  it('makes the flow for a new port number before it drops the old one', () => {
    const { i1 } = metered.Interface!;
    const moved = { ...metered, Interface: { i1: { ...i1, ofport: 9 } } };
    expect(plan(egress, moved).changes).toMatchObject([
      {
        put: [{ kind: 'addFlow', flow: { match: { inPort: 9 } } }],
        drop: [{ kind: 'deleteFlow', flow: { match: { inPort: 1 } } }],
      },
    ]);
  });

  it('passes two meters in two stages, and marks in the first', () => {
    const all = desire({ [A]: { EGRESS: { maxKbps: 1_000, maxKpps: 3, dscpMark: 10 } } });
    const puts = plan(all, onePort(A)).changes[0]!.put;
    const flows = puts.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
    const stageOf = ({ match }: Flow) => match.registers![0]!.value >>> 30;
    expect(flows.map((flow) => [flow.match.ethType, stageOf(flow), flow.meter])).toEqual([
      [undefined, 1, 502],
      [undefined, 0, 501],
      [0x0800, 0, 501],
      [0x86dd, 0, 501],
    ]);
    expect(puts[1]).toMatchObject({ meter: { unit: 'pktps', bands: [{ rate: 3_000 }] } });
  });

  it('takes flow, meter and record away, in this order', () => {
    const { changes, aims } = plan(desire({ [A]: {} }), metered);
    expect(changes).toMatchObject([
      {
        put: [],
        drop: [{ kind: 'deleteFlow' }, { kind: 'deleteMeter', meterId: 501 }],
        release: [{ op: 'mutate', table: 'Bridge' }],
      },
    ]);
    expect(aims).toMatchObject([{ kind: 'removed', direction: 'EGRESS', ruleId: null }]);
  });

  it('polices nothing there, also when it is told to', () => {
    const world = { ...onePort(A), host: { egressMechanism: 'ingress_policing' } } as const;
    const made = plan(egress, world);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED' });
  });

  it('does nothing about meters and flows while OpenFlow is refused, and says so', () => {
    const openflow = { state: 'refused', reason: 'The bridge speaks OpenFlow 1.0.' } as const;
    const made = plan(egress, { ...metered, openflow });
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/OpenFlow 1.0/) });
    const removal = plan(desire({}), { ...metered, openflow });
    expect(aim(removal, 'EGRESS')).toMatchObject({
      status: 'FAILED',
      message: says(/cannot be removed/),
    });
  });
});
