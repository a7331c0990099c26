import { describe, expect, it } from 'vitest';
import type { OvsChange, OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { planOvs } from '../../../../agent/drivers/ovs/plan.ts';
import type { Flow } from '../../../../agent/openflow/flows.ts';
import { desire, type Limits } from './fixture.ts';
import { id, ids, observe, type World } from './world.ts';

const A = 'aaaaaaaa-0000-0000-0000-000000000001';
const B = 'bbbbbbbb-0000-0000-0000-000000000002';
const guaranteed = { [A]: { EGRESS: { minKbps: 12_000 } } };

/** Two guests on br-int, which is patched to br-ex, whose eth1 is a card of 1 Gbit/s. */
const host: World = {
  Bridge: {
    int: { name: 'br-int', ports: [id('p1'), id('p2'), id('to-ex')] },
    ex: { name: 'br-ex', ports: [id('eth1'), id('to-int')] },
  },
  Port: {
    p1: { name: 'tap1', interfaces: [id('i1')] },
    p2: { name: 'tap2', interfaces: [id('i2')] },
    'to-ex': { name: 'to-ex', interfaces: [id('ito-ex')] },
    'to-int': { name: 'to-int', interfaces: [id('ito-int')] },
    eth1: { name: 'eth1', interfaces: [id('ieth1')] },
  },
  Interface: {
    i1: guest('tap1', 1, A),
    i2: guest('tap2', 2, B),
    'ito-ex': { name: 'to-ex', type: 'patch', ofport: 3, options: ids({ peer: 'to-int' }) },
    'ito-int': { name: 'to-int', type: 'patch', ofport: 1, options: ids({ peer: 'to-ex' }) },
    ieth1: device('eth1', 'e1000e', 1_000_000_000),
  },
};

function guest(name: string, ofport: number, portId: string) {
  const external_ids = ids({ 'iface-id': portId });
  return {
    name,
    ofport,
    external_ids,
    status: ids({ driver_name: 'tun' }),
    link_speed: 10_000_000,
  };
}

function device(name: string, driver: string, link_speed: number | null) {
  return { name, ofport: 7, ifindex: 4, status: ids({ driver_name: driver }), link_speed };
}

/** The same host with a bond of these instead of its card. */
function bonded(members: NonNullable<World['Interface']>): World {
  const { eth1: _, ...ports } = host.Port ?? {};
  const { ieth1: __, ...interfaces } = host.Interface ?? {};
  return {
    ...host,
    Bridge: { ...host.Bridge, ex: { name: 'br-ex', ports: [id('bond'), id('to-int')] } },
    Port: { ...ports, bond: { name: 'bond0', interfaces: Object.keys(members).map(id) } },
    Interface: { ...interfaces, ...members },
  };
}

/** The same host with another QoS on eth1. */
function sharing(queues: Readonly<Record<number, [portId: string, minKbps: number]>>): World {
  const rows = Object.entries(queues).map(([queueId, [portId, kbps]]) => ({
    queueId: Number(queueId),
    name: `queue${queueId}`,
    row: {
      other_config: ids({ 'min-rate': String(kbps * 1000), burst: '525000' }),
      external_ids: ids({ 'sluice-port': portId }),
    },
  }));
  return {
    ...host,
    Port: { ...host.Port, eth1: { ...host.Port?.eth1, qos: id('shared') } },
    QoS: {
      shared: {
        type: 'linux-htb',
        other_config: ids({ 'max-rate': '34359738000' }),
        external_ids: ids({ 'sluice-physical': 'eth1' }),
        queues: new Map(rows.map(({ queueId, name }) => [queueId, id(name)])),
      },
    },
    Queue: Object.fromEntries(rows.map(({ name, row }) => [name, row])),
  };
}

function plan(limits: Readonly<Record<string, Limits>>, world: World): OvsPlan {
  const observed = observe(world);
  if (!observed) throw new Error('The world is not known in full.');
  return planOvs(desire(limits), observed);
}

const aimOf = ({ aims }: OvsPlan, portId = A) => aims.find((each) => each.portId === portId);
const rowsOf = (changes: readonly OvsChange[]) =>
  changes.flatMap(({ secure }) => secure.map(({ op, table }) => `${op} ${table}`));
const flowsOf = (changes: readonly OvsChange[]): Flow[] =>
  changes.flatMap(({ put }) =>
    put.flatMap((write) => (write.kind === 'addFlow' ? write.flow : [])),
  );

describe('a guarantee', () => {
  it('takes a queue on the card that the bridge reaches, and a flow that sets it before all else', () => {
    const { changes, aims } = plan(guaranteed, host);
    expect(rowsOf(changes)).toEqual([
      ...['wait Port', 'insert QoS', 'update Port'],
      ...['insert Queue', 'mutate QoS'],
    ]);
    expect(changes[1]?.secure[0]).toMatchObject({
      row: {
        other_config: [
          'map',
          [
            ['min-rate', '12000000'],
            ['burst', '525000'],
          ],
        ],
        external_ids: ['map', [['sluice-port', A]]],
      },
    });
    expect(flowsOf(changes)).toMatchObject([
      {
        meter: null,
        match: { inPort: 1 },
        actions: [
          { type: 'setQueue', queueId: 0x5000 },
          { type: 'loadRegister', value: 1 },
          { type: 'resubmit', table: 0 },
        ],
      },
    ]);
    expect(aims).toMatchObject([
      {
        kind: 'enforced',
        programmed: { mechanism: 'linux_htb', minKbps: 12_000 },
        notes: [],
        checks: [
          { kind: 'guarantee', device: { name: 'eth1' }, queueId: 0x5000, minKbps: 12_000 },
          { kind: 'flow', bridge: 'br-int' },
        ],
      },
    ]);
  });

  it('that is there already is adopted', () => {
    const flows = flowsOf(plan(guaranteed, host).changes);
    expect(plan(guaranteed, { ...sharing({ 20480: [A, 12_000] }), flows }).changes).toEqual([]);
  });

  it('goes together with a limit and a mark, in the same flows', () => {
    const { changes } = plan(
      { [A]: { EGRESS: { minKbps: 12_000, maxKbps: 20_000, dscpMark: 26 } } },
      { ...host, host: { egressMechanism: 'openflow_meter' } },
    );
    const flows = flowsOf(changes);
    expect(flows.map(({ actions }) => actions.map(({ type }) => type))).toEqual([
      ['setQueue', 'loadRegister', 'resubmit'],
      ['setIpDscp', 'setQueue', 'loadRegister', 'resubmit'],
      ['setIpDscp', 'setQueue', 'loadRegister', 'resubmit'],
    ]);
    expect(new Set(flows.map(({ meter }) => meter))).toEqual(new Set([501]));
  });

  it('is changed in its queue alone', () => {
    const { changes } = plan(guaranteed, sharing({ 20480: [A, 5_000] }));
    expect(rowsOf(changes)).toEqual(['update Queue']);
  });

  it('of a second port joins the first one on the card', () => {
    const both = { ...guaranteed, [B]: { EGRESS: { minKbps: 8_000 } } };
    const { changes } = plan(both, sharing({ 20480: [A, 12_000] }));
    expect(rowsOf(changes)).toEqual(['insert Queue', 'mutate QoS']);
    expect(changes[0]?.secure[1]).toMatchObject({
      mutations: [['queues', 'insert', ['map', [[0x5001, expect.anything()]]]]],
    });
  });

  it('that nobody asks for any more goes, and with the last one the whole QoS', () => {
    const two = sharing({ 20480: [A, 12_000], 20481: [B, 8_000] });
    const one = plan(guaranteed, two);
    expect(one.changes.flatMap(({ release }) => release)).toMatchObject([
      {
        op: 'mutate',
        table: 'QoS',
        mutations: [['queues', 'delete', ['map', [[0x5001, ['uuid', 'queue20481']]]]]],
      },
      { op: 'delete', table: 'Queue' },
    ]);
    expect(aimOf(one, B)).toMatchObject({ kind: 'removed', checks: [{ kind: 'guaranteeAbsent' }] });

    const none = plan({}, sharing({ 20480: [A, 12_000] }));
    expect(
      none.changes.flatMap(({ release }) => release).map(({ op, table }) => `${op} ${table}`),
    ).toEqual([...['wait Port', 'update Port', 'delete QoS'], ...['mutate QoS', 'delete Queue']]);
    expect(none.changes.map(({ portId }) => portId)).toEqual([A, A]);
  });

  it('that the kernel has lost is set up anew, its rows as they are', () => {
    const { changes } = plan(guaranteed, { ...sharing({ 20480: [A, 12_000] }), lost: ['eth1'] });
    expect(changes[0]).toMatchObject({
      portId: A,
      clear: [{ op: 'wait' }, { op: 'update', table: 'Port', row: { qos: ['set', []] } }],
      secure: [{ op: 'wait' }, { op: 'update', table: 'Port', row: { qos: ['uuid', 'shared'] } }],
    });
  });

  it('stays while two interfaces carry its port’s id', () => {
    const twice = { ...host.Interface, i2: guest('tap2', 2, A) };
    const world = { ...sharing({ 20480: [A, 12_000] }), Interface: twice };
    expect(plan(guaranteed, world).changes).toEqual([]);
  });
});

describe('a row of a card’s that somebody pointed another port at', () => {
  const card = sharing({ 20480: [A, 12_000] });
  const released = ({ changes }: OvsPlan) =>
    changes.flatMap(({ release }) => release.map(({ op, table }) => `${op} ${table}`));

  it('stays the card’s, and goes from the other port alone', () => {
    const made = plan(guaranteed, {
      ...card,
      flows: flowsOf(plan(guaranteed, host).changes),
      Port: { ...card.Port, p2: { ...card.Port?.p2, qos: id('shared') } },
    });
    expect(rowsOf(made.changes)).toEqual([]);
    expect(released(made)).toEqual(['wait Port', 'update Port']);
  });

  it('is another card’s as well no longer: that one gets a row of its own', () => {
    const eth2 = { name: 'eth2', interfaces: [id('ieth2')], qos: id('shared') };
    const { changes } = plan(guaranteed, {
      ...card,
      flows: flowsOf(plan(guaranteed, host).changes),
      Bridge: {
        ...card.Bridge,
        ex: { name: 'br-ex', ports: [id('eth2'), id('eth1'), id('to-int')] },
      },
      Port: { eth2, ...card.Port },
      Interface: { ...card.Interface, ieth2: device('eth2', 'e1000e', 1_000_000_000) },
    });
    expect(rowsOf(changes)).toEqual([
      ...['wait Port', 'insert QoS', 'update Port'],
      ...['insert Queue', 'mutate QoS'],
    ]);
    expect(changes[0]?.secure[0]).toMatchObject({ rows: [{ qos: ['uuid', 'shared'] }] });
  });
});

describe('what a card carries', () => {
  it('is held by the card itself, and the queue only decides who is next', () => {
    const [root] = plan(guaranteed, host).changes;
    expect(root?.secure[1]).toMatchObject({
      row: { other_config: ['map', [['max-rate', '34359738000']]] },
    });
  });

  it('is held by the queue where the settings say it', () => {
    const physicalPorts = [{ name: 'eth1', kbps: 20_000 }];
    const made = plan(guaranteed, { ...host, physicalPorts });
    expect(made.changes[0]?.secure[1]).toMatchObject({
      row: { other_config: ['map', [['max-rate', '20000000']]] },
    });
    expect(aimOf(made)).toMatchObject({ checks: [{ maxKbps: 20_000 }, {}] });
  });

  it('is said where the guarantees are more, to everyone of them', () => {
    const physicalPorts = [{ name: 'eth1', kbps: 20_000 }];
    const both = { ...guaranteed, [B]: { EGRESS: { minKbps: 9_000 } } };
    const made = plan(both, { ...host, physicalPorts });
    const notes = ['21000 kbit/s are guaranteed on eth1, whose link carries 20000.'];
    expect([aimOf(made, A), aimOf(made, B)]).toMatchObject([{ notes }, { notes }]);
  });

  it('is said where this Open vSwitch cannot hold as much', () => {
    const fast = { ...host.Interface, ieth1: device('eth1', 'mlx5_core', 100_000_000_000) };
    const older = plan(guaranteed, { ...host, Interface: fast });
    expect(aimOf(older)).toMatchObject({
      notes: ['linux-htb holds eth1 to 34359738 kbit/s of the 100000000 of its link.'],
    });
    const newer = plan(guaranteed, { ...host, Interface: fast, host: { ovsVersion: '3.2.0' } });
    expect(aimOf(newer)).toMatchObject({ notes: [], checks: [{ maxKbps: 200_000_000 }, {}] });
  });

  it('is what the slowest link of a bond does, of those that are there', () => {
    const world = bonded({
      ieth1: device('eth1', 'e1000e', 1_000_000_000),
      ieth2: device('eth2', 'e1000e', 100_000_000),
      idown: device('eth3', 'e1000e', null),
      igone: { name: 'eth4', ofport: -1 },
    });
    const made = plan({ [A]: { EGRESS: { minKbps: 120_000 } } }, world);
    expect(aimOf(made)).toMatchObject({
      notes: ['120000 kbit/s are guaranteed on bond0, whose link carries 100000.'],
      checks: [
        { kind: 'guarantee', device: { name: 'eth1' } },
        { kind: 'guarantee', device: { name: 'eth2' } },
        { kind: 'guarantee', device: { name: 'eth3' } },
        { kind: 'flow' },
      ],
    });
  });

  it('bounds one guarantee', () => {
    const physicalPorts = [{ name: 'eth1', kbps: 10_000 }];
    const made = plan(guaranteed, { ...host, physicalPorts });
    expect(aimOf(made)).toMatchObject({
      programmed: { minKbps: 10_000 },
      notes: [
        expect.stringMatching(
          /^At least 12000 kbit\/s was asked for; .* guarantees 10000 at most\.$/,
        ),
      ],
    });
  });
});

describe('no guarantee is given, and the reason said,', () => {
  const impossible: [why: string, world: World, message: RegExp][] = [
    [
      'on the userspace datapath',
      {
        ...host,
        Bridge: { ...host.Bridge, int: { ...host.Bridge?.int, datapath_type: 'netdev' } },
      },
      /userspace datapath/,
    ],
    [
      'where the card’s QoS is somebody else’s',
      {
        ...host,
        Port: { ...host.Port, eth1: { ...host.Port?.eth1, qos: id('theirs') } },
        QoS: { theirs: { type: 'linux-hfsc' } },
      },
      /physical port eth1 has a QoS that is not Sluice's \(theirs, type linux-hfsc\)/,
    ],
    [
      'where a bond has a link that is none of hardware',
      bonded({
        ieth1: device('eth1', 'e1000e', 1_000_000_000),
        iveth: device('veth1', 'veth', null),
      }),
      /no physical port is reached from bridge br-int/,
    ],
    [
      'where no device is hardware',
      { ...host, Interface: { ...host.Interface, ieth1: device('eth1', 'veth', 10_000_000_000) } },
      /no physical port is reached from bridge br-int; .* SLUICE_PHYSICAL_PORTS/,
    ],
    [
      'where the settings name a port that the bridge does not reach',
      { ...host, physicalPorts: [{ name: 'eth9', kbps: null }] },
      /no physical port is reached/,
    ],
    ['without htb', { ...host, host: { tcHtb: false } }, /this kernel has no htb/],
    [
      'while OpenFlow is refused',
      { ...host, openflow: { state: 'refused', reason: 'Nobody answers.' } },
      /Nobody answers/,
    ],
  ];
  it.each(impossible)('%s', (_why, world, message) => {
    const { changes, aims } = plan(guaranteed, world);
    expect(changes).toEqual([]);
    expect(aims).toMatchObject([{ status: 'FAILED', message: expect.stringMatching(message) }]);
  });

  it('on INGRESS', () => {
    const { aims } = plan({ [A]: { INGRESS: { minKbps: 5 } } }, host);
    expect(aims).toMatchObject([
      { message: expect.stringMatching(/minKbps is not enforced on INGRESS/) },
    ]);
  });

  it('and what is there stays while OpenFlow cannot be spoken', () => {
    const refused = { state: 'refused', reason: 'Nobody answers.' } as const;
    const world = { ...sharing({ 20480: [A, 12_000] }), openflow: refused };
    expect(plan(guaranteed, world).changes).toEqual([]);
  });
});
