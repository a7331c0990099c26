import { describe, expect, it } from 'vitest';
import type { Desired } from '../../../../agent/drivers/driver.ts';
import type { OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { planOvs } from '../../../../agent/drivers/ovs/plan.ts';
import type { Flow } from '../../../../agent/openflow/flows.ts';
import { desire } from './fixture.ts';
import { id, ids, observe, onePort, type World } from './world.ts';

const A = 'aaaaaaaa-0000-0000-0000-000000000001';
const B = 'bbbbbbbb-0000-0000-0000-000000000002';

function plan(desired: Desired, world: World): OvsPlan {
  const observed = observe(world);
  if (!observed) throw new Error('The world is not known in full.');
  return planOvs(desired, observed);
}

function aim(of: OvsPlan, direction: 'EGRESS' | 'INGRESS', portId = A) {
  return of.aims.find((each) => each.portId === portId && each.direction === direction);
}

/** A regular expression in toMatchObject would match anything. */
const says = (sentence: RegExp) => expect.stringMatching(sentence);

const egress = desire({ [A]: { EGRESS: { maxKbps: 1_000 } } });
const ingress = desire({ [A]: { INGRESS: { maxKbps: 1_000 } } });

/** The switch after `egress` was enforced. */
const metered: World = (() => {
  const [change] = plan(egress, onePort(A)).changes;
  const flows = change!.put.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
  const meters = change!.put.flatMap((write) => (write.kind === 'addMeter' ? [write.meter] : []));
  const key = `sluice-meter-kbps-${A}`;
  const { br0 } = onePort(A).Bridge!;
  const recorded = { ...br0, external_ids: ids({ [key]: String(meters[0]!.id) }) };
  return { ...onePort(A), flows, meters, Bridge: { br0: recorded } };
})();

/** The switch after `ingress` was enforced. */
const queued: World = {
  ...onePort(A),
  Port: { p1: { name: 'p1', interfaces: [id('i1')], qos: id('qos1') } },
  QoS: {
    qos1: {
      type: 'linux-htb',
      queues: new Map([[0, id('queue1')]]),
      other_config: ids({ 'max-rate': '34359738000' }),
      external_ids: ids({ 'sluice-port': A }),
    },
  },
  Queue: {
    queue1: {
      other_config: ids({ 'max-rate': '1000000', burst: '800000' }),
      external_ids: ids({ 'sluice-port': A }),
    },
  },
};

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

  it('is empty where everything is right', () => {
    expect(plan(egress, metered).changes).toEqual([]);
    expect(plan(ingress, queued).changes).toEqual([]);
    expect(plan(desire({}), onePort(A)).changes).toEqual([]);
  });

  it('is the same for the same input', () => {
    expect(plan(egress, onePort(A))).toEqual(plan(egress, onePort(A)));
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

  it('also takes away what an unplugged port left: its number may be another’s soon', () => {
    const unplugged = { ...metered, Interface: {}, Port: {} };
    const { changes, aims } = plan(egress, unplugged);
    expect(changes).toMatchObject([{ drop: [{ kind: 'deleteFlow' }, { kind: 'deleteMeter' }] }]);
    expect(aims).toMatchObject([{ kind: 'verdict', status: 'WAITING_FOR_PORT' }]);
  });

  it('takes no meter id that is in use or on record', () => {
    const others = [501, 502].map((meterId) => ({ id: meterId, unit: 'kbps', bands: [] }) as const);
    const { br0 } = onePort(A).Bridge!;
    const recorded = { ...br0, external_ids: ids({ [`sluice-meter-pktps-${B}`]: '503' }) };
    const { changes } = plan(egress, { ...onePort(A), meters: others, Bridge: { br0: recorded } });
    expect(changes[0]?.put[0]).toMatchObject({ kind: 'addMeter', meter: { id: 504 } });
    expect(changes[1]?.drop).toEqual([]);
  });

  it('drops a flow with Sluice’s cookie that nobody accounts for', () => {
    const stray: Flow = { ...metered.flows![0]!, match: { inPort: 44 }, meter: null };
    const { changes } = plan(egress, { ...metered, flows: [...metered.flows!, stray] });
    expect(changes).toMatchObject([{ portId: null, drop: [{ flow: { match: { inPort: 44 } } }] }]);
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

  it('polices nothing there, also when it is told to', () => {
    const world = { ...onePort(A), host: { egressMechanism: 'ingress_policing' } } as const;
    const made = plan(egress, world);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED' });
  });

  it('says what is beyond a mechanism, and does the rest', () => {
    const limits = { maxKbps: 1_000, minKbps: 5, maxKpps: 2 };
    const made = plan(desire({ [A]: { EGRESS: limits, INGRESS: limits } }), onePort(A));
    expect(aim(made, 'EGRESS')).toMatchObject({ kind: 'enforced', notes: [says(/minKbps/)] });
    expect(aim(made, 'INGRESS')).toMatchObject({ notes: [says(/maxKpps/), says(/minKbps/)] });
    const nothing = plan(
      desire({ [A]: { EGRESS: { minKbps: 5 }, INGRESS: { maxKpps: 1 } } }),
      metered,
    );
    expect(aim(nothing, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/minKbps/) });
    expect(aim(nothing, 'INGRESS')).toMatchObject({ status: 'FAILED', message: says(/maxKpps/) });
    expect(nothing.changes).toMatchObject([{ drop: [{ kind: 'deleteFlow' }, {}] }]);
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

  it('is not made while a bridge is not known yet', () => {
    expect(observe({ ...metered, openflow: null })).toBeNull();
  });
});

describe('a plan for INGRESS', () => {
  it('makes queue and QoS in one guarded transaction', () => {
    const [change] = plan(ingress, onePort(A)).changes;
    expect(change?.secure).toMatchObject([
      { op: 'wait', table: 'Port', rows: [{ qos: ['set', []] }] },
      { op: 'insert', table: 'Queue' },
      { op: 'insert', table: 'QoS', row: { type: 'linux-htb' } },
      { op: 'update', table: 'Port' },
    ]);
  });

  it('changes the queue in place', () => {
    const [change] = plan(desire({ [A]: { INGRESS: { maxKbps: 2_000 } } }), queued).changes;
    expect(change?.secure.map(({ op, table }) => `${op} ${table}`)).toEqual([
      'wait Port',
      'wait QoS',
      'update QoS',
      'update Queue',
    ]);
    expect(change?.secure[3]?.row).toMatchObject({
      other_config: ['map', [['max-rate', '2000000'], ['burst', '1600000']]], // biome-ignore format: pairs
    });
  });

  it('takes a QoS of Sluice’s away that the port should not have', () => {
    for (const desired of [desire({}), desire({ [A]: {} })]) {
      const made = plan(desired, queued);
      expect(made.changes[0]?.release.map(({ op, table }) => `${op} ${table}`)).toEqual([
        'wait Port',
        'update Port',
        'delete QoS',
        'delete Queue',
      ]);
      expect(aim(made, 'INGRESS')).toMatchObject({ kind: 'removed' });
    }
  });

  it('takes it away too when the interface names no port any more', () => {
    const { i1 } = queued.Interface!;
    const unnamed = { ...queued, Interface: { i1: { ...i1, external_ids: ids({}) } } };
    expect(plan(desire({}), unnamed).changes).toMatchObject([
      { portId: A, release: [{}, {}, {}, {}] },
    ]);
  });

  it('says one thing of a port whose interface names it no more', () => {
    const { i1 } = queued.Interface!;
    const unnamed = { ...queued, Interface: { i1: { ...i1, external_ids: ids({}) } } };
    const gone = plan(ingress, unnamed);
    expect(gone.changes).toMatchObject([{ release: [{}, {}, {}, {}] }]);
    expect(gone.aims).toMatchObject([{ kind: 'verdict', status: 'WAITING_FOR_PORT' }]);

    const moved = plan(ingress, {
      ...unnamed,
      Bridge: { br0: { ...queued.Bridge!.br0, ports: [id('p1'), id('p2')] } },
      Port: { ...queued.Port, p2: { name: 'p2', interfaces: [id('i2')] } },
      Interface: { ...unnamed.Interface, i2: { ...i1, name: 'p2', ofport: 2 } },
    });
    expect(moved.changes).toHaveLength(2);
    expect(moved.aims).toMatchObject([{ kind: 'enforced', checks: [{ device: { name: 'p2' } }] }]);
  });

  it('sets up anew what the kernel has lost', () => {
    const [change] = plan(ingress, { ...queued, lost: ['p1'] }).changes;
    expect(change?.clear.map(({ op }) => op)).toEqual(['wait', 'update', 'delete', 'delete']);
    expect(change?.secure.map(({ op }) => op)).toEqual(['wait', 'insert', 'insert', 'update']);
  });

  it('leaves another owner’s QoS alone and says whose it found', () => {
    const foreign = { ...queued, QoS: { qos1: { type: 'linux-hfsc' } } };
    const made = plan(ingress, { ...foreign, Queue: {} });
    expect(made.changes).toEqual([]);
    expect(aim(made, 'INGRESS')).toMatchObject({ status: 'FAILED', message: says(/linux-hfsc/) });
  });

  it('removes orphans of Sluice’s only', () => {
    const world = {
      ...queued,
      Port: onePort(A).Port!,
      QoS: { ...queued.QoS, qos2: { type: 'linux-htb' } },
      Queue: { ...queued.Queue, queue2: {} },
    };
    const [change, ...more] = plan(desire({}), world).changes;
    expect(more).toEqual([]);
    expect(change?.release).toMatchObject([
      { op: 'delete', table: 'QoS', where: [['_uuid', '==', ['uuid', 'qos1']]] },
      { op: 'delete', table: 'Queue', where: [['_uuid', '==', ['uuid', 'queue1']]] },
    ]);
  });

  it('holds at most what this version can, and says both numbers', () => {
    const fast = desire({ [A]: { INGRESS: { maxKbps: 40_000_000 } } });
    const notes = [says(/40000000 kbit\/s was asked for; Open vSwitch 3.1.0 .* holds 34359738/)];
    expect(aim(plan(fast, onePort(A)), 'INGRESS')).toMatchObject({ notes });
    const newer = { ...onePort(A), host: { ovsVersion: '3.2.1' } };
    expect(aim(plan(fast, newer), 'INGRESS')).toMatchObject({ notes: [] });
  });
});

describe('a plan on a kernel bridge', () => {
  const world = onePort(A, 'system');
  const policed = (() => {
    const { i1 } = world.Interface!;
    const external_ids = new Map([...i1!.external_ids!, ['sluice-policing', A]] as const);
    const columns = { ingress_policing_rate: 1_000, ingress_policing_burst: 800, external_ids };
    return { ...world, Interface: { i1: { ...i1, ...columns } } };
  })();

  it('polices where the kernel can', () => {
    const made = plan(egress, world);
    expect(made.changes[0]?.secure).toMatchObject([
      { op: 'wait', table: 'Interface', rows: [{ ingress_policing_rate: 0 }] },
      { op: 'update', row: { ingress_policing_rate: 1_000, ingress_policing_burst: 800 } },
      { op: 'mutate', table: 'Interface' },
    ]);
    expect(aim(made, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'ingress_policing' } });
    expect(plan(egress, policed).changes).toEqual([]);
  });

  it('meters where the kernel cannot, and lets go of the policer only then', () => {
    const { changes } = plan(egress, { ...policed, host: { tcPolice: false } });
    expect(changes).toHaveLength(2);
    expect(changes[0]?.release).toMatchObject([{ op: 'wait' }, { op: 'update' }, { op: 'mutate' }]);
    expect(changes[1]?.put).toMatchObject([{ kind: 'addMeter' }, { kind: 'addFlow' }]);
  });

  it('meters an interface alone on which the kernel keeps no policer, until its device is another', () => {
    const made = plan(egress, { ...policed, policedInVain: { i1: 5 } });
    expect(aim(made, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'openflow_meter' } });
    const forced = { egressMechanism: 'ingress_policing' } as const;
    const refused = plan(egress, { ...policed, policedInVain: { i1: 5 }, host: forced });
    expect(aim(refused, 'EGRESS')).toMatchObject({
      status: 'FAILED',
      message: says(/p1 .* twice/),
    });
    const others = plan(egress, { ...policed, policedInVain: { i1: 4, i2: 5 } });
    expect(others.changes).toEqual([]);
    expect(aim(others, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'ingress_policing' } });
  });

  it('fails and does not stay programmed where policing is forced and the kernel cannot', () => {
    const host = { tcPolice: false, egressMechanism: 'ingress_policing' } as const;
    const made = plan(egress, { ...policed, host });
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/no tc police/) });
    expect(made.changes).toMatchObject([
      { release: [{}, { row: { ingress_policing_rate: 0 } }, {}] },
    ]);
  });

  it('leaves policing alone that is not Sluice’s', () => {
    const { i1 } = world.Interface!;
    const foreign = { ...world, Interface: { i1: { ...i1, ingress_policing_rate: 777 } } };
    const made = plan(egress, foreign);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/777 kbit/) });
    expect(plan(desire({}), foreign).changes).toEqual([]);
  });

  it('meters bits and packets together: no policer holds both', () => {
    const both = desire({ [A]: { EGRESS: { maxKbps: 1_000, maxKpps: 7 } } });
    const mechanismOf = (given: World) => aim(plan(both, given), 'EGRESS');
    expect(mechanismOf(world)).toMatchObject({
      programmed: { mechanism: 'openflow_meter', maxKpps: 7 },
      notes: [],
    });
    const openflow = { state: 'refused', reason: 'OpenFlow is away.' } as const;
    const bitsOnly = { programmed: { mechanism: 'ingress_policing', maxKpps: null } };
    for (const given of [
      { openflow },
      { host: { egressMechanism: 'ingress_policing' } as const },
    ]) {
      const notes = [says(/maxKpps is not enforced/)];
      expect(mechanismOf({ ...world, ...given })).toMatchObject({ ...bitsOnly, notes });
    }
  });

  it('polices packets from Open vSwitch 2.16 on', () => {
    const packets = desire({ [A]: { EGRESS: { maxKpps: 7 } } });
    const row = { ingress_policing_rate: 0, ingress_policing_kpkts_rate: 7 };
    expect(plan(packets, world).changes[0]?.secure[1]).toMatchObject({ row });
    const old = plan(packets, { ...world, host: { policesPackets: false } });
    expect(aim(old, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/version 2.16/) });
  });
});

describe('bridges and ports', () => {
  it('looks only at the bridges that it is told to', () => {
    const made = plan(egress, { ...metered, bridges: ['br1'] });
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'WAITING_FOR_PORT' });
  });

  it('knows a port by a UUID in any case, and counts what is none', () => {
    const { i1 } = onePort(A).Interface!;
    const shouting = ids({ 'iface-id': A.toUpperCase() });
    const observed = observe({
      ...onePort(A),
      Port: { p1: { interfaces: [id('i1'), id('i2')] } },
      Interface: {
        i1: { ...i1, external_ids: shouting },
        i2: { name: 'p2', ofport: 2, external_ids: ids({ 'iface-id': 'lsp-of-ovn' }) },
      },
    });
    expect(observed?.ports).toEqual([{ portId: A, interfaceName: 'p1', bridge: 'br0', mac: null }]);
    expect(observed?.ignored).toBe(1);
  });

  it('leaves the limits of a port alone that two interfaces claim', () => {
    const { i1 } = metered.Interface!;
    const { br0 } = metered.Bridge!;
    const twice = {
      ...metered,
      Bridge: { br0: { ...br0, ports: [id('p1'), id('p2')] } },
      Port: { ...metered.Port, p2: { name: 'p2', interfaces: [id('i2')] } },
      Interface: { i1: { ...i1 }, i2: { ...i1, name: 'p2', ofport: 2 } },
    };
    const made = plan(egress, twice);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/p1 and p2/) });
  });
});
