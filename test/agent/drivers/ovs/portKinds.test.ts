import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runIn } from '../../../../scripts/lab/command.ts';
import { eventually } from '../../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { leftovers, nothingLeft, readSwitch } from '../../../support/readSwitch.ts';
import { desire, type Limits, resultFor, startDriver, type TestDriver } from './fixture.ts';

let ovs: TestSwitch;
let test: TestDriver;
beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  test = startDriver(ovs);
});
afterAll(async () => {
  await test?.[Symbol.asyncDispose]();
  await ovs?.stop();
});
afterEach(async () => {
  await test.enforce(desire({}));
  expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft);
});

const both: Limits = { EGRESS: { maxKbps: 10_000, dscpMark: 46 }, INGRESS: { maxKbps: 20_000 } };
const held = { egressKbps: 10_000, ingressKbps: 20_000 };

interface Plugged {
  readonly portId: string;
  readonly name: string;
}

/** Adds an interface as it comes from libvirt: by its name, with its port's id. Resolves when its number is given. */
async function plug(name: string, options: PlugOptions = {}): Promise<Plugged> {
  const { type = '', columns = [], portId = randomUUID(), bridge = 'br0' } = options;
  const quoted = JSON.stringify(name);
  await ovs.vsctl(
    ...['--id=@i', 'create', 'Interface', `name=${quoted}`, `type=${type || '""'}`],
    ...[`external_ids:iface-id=${portId}`, ...(options.interfaceColumns ?? [])],
    ...['--', '--id=@p', 'create', 'Port', `name=${quoted}`, 'interfaces=@i', ...columns],
    ...['--', 'add', 'Bridge', bridge, 'ports', '@p'],
  );
  return { portId, name };
}

interface PlugOptions {
  readonly type?: string;
  readonly columns?: readonly string[];
  readonly interfaceColumns?: readonly string[];
  readonly portId?: string;
  readonly bridge?: string;
}

const link = (name: string, ...kind: string[]) =>
  runIn(ovs.netns, 'ip', ['link', 'add', 'name', name, 'type', ...kind]);
const veth = async (name: string, peer: string) => {
  await link(name, 'veth', 'peer', 'name', peer);
  await runIn(ovs.netns, 'ip', ['link', 'set', name, 'up']);
};

async function enforce({ portId }: Plugged, limits: Limits = both) {
  const results = await test.enforce(desire({ [portId]: limits }));
  return {
    EGRESS: resultFor(results, portId, 'EGRESS'),
    INGRESS: resultFor(results, portId, 'INGRESS'),
  };
}

const enforced = async ({ portId }: Plugged, bridge = 'br0') =>
  (await readSwitch(ovs, bridge)).get(portId);
const applied = { status: 'APPLIED', message: null };
const failed = (message: RegExp) => ({
  status: 'FAILED',
  message: expect.stringMatching(message),
  programmed: null,
});

describe('both directions are held on', () => {
  it.each<[string, () => Promise<Plugged>]>([
    [
      'a tap that somebody else made',
      async () => {
        await runIn(ovs.netns, 'ip', ['tuntap', 'add', 'tap1', 'mode', 'tap']);
        return plug('tap1');
      },
    ],
    ['a tap that Open vSwitch makes', () => plug('tap2', { type: 'tap' })],
    [
      'a veth',
      async () => {
        await veth('veth1', 'veth1p');
        return plug('veth1');
      },
    ],
    [
      'an access port of a VLAN',
      async () => {
        await veth('access1', 'access1p');
        return plug('access1', { columns: ['tag=100'] });
      },
    ],
    [
      'a trunk of VLANs',
      async () => {
        await veth('trunk1', 'trunk1p');
        return plug('trunk1', { columns: ['trunks=100,200'] });
      },
    ],
    [
      'a device with quotes, a hash and a backslash in its name',
      async () => {
        await veth(`a"b'c#\\d`, 'quoted1p');
        return plug(`a"b'c#\\d`);
      },
    ],
    [
      'a device with a name beyond ASCII',
      async () => {
        await veth('grüße-端口', 'unicode1p');
        return plug('grüße-端口');
      },
    ],
  ])('%s', async (_kind, make) => {
    const port = await make();
    expect(await enforce(port)).toMatchObject({ EGRESS: applied, INGRESS: applied });
    expect(await enforced(port)).toEqual(held);
    const observed = await test.driver.observe();
    expect(observed?.ports).toContainEqual(
      expect.objectContaining({ portId: port.portId, interfaceName: port.name, bridge: 'br0' }),
    );
  });
});

it('On a trunk a tagged packet is metered and marked as any other', async () => {
  await veth('trunk2', 'trunk2p');
  await enforce(await plug('trunk2', { columns: ['trunks=100,200'] }));
  const packet = 'in_port=trunk2,dl_vlan=100,dl_vlan_pcp=0,ip,nw_src=192.0.2.1,nw_dst=192.0.2.2';
  const traced = await ovs.appctl('ofproto/trace', 'br0', packet);
  expect(traced).toMatch(/priority 65001, .*\n +meter:\d+\n +set_field:46->ip_dscp\n/);
});

describe('a port without a queue of the kernel’s is limited one way, and says why not the other,', () => {
  it.each<[string, () => Promise<Plugged>, RegExp]>([
    ['an internal port', () => plug('int1', { type: 'internal' }), /int1 is of type internal/],
    [
      'a tunnel',
      () =>
        plug('vx1', {
          type: 'vxlan',
          interfaceColumns: ['options:remote_ip=192.0.2.1'],
        }),
      /vx1 is of type vxlan/,
    ],
    [
      'a patch port',
      async () => {
        await ovs.addBridge('br1');
        await plug('patch1', {
          type: 'patch',
          bridge: 'br1',
          interfaceColumns: ['options:peer=patch0'],
        });
        return plug('patch0', { type: 'patch', interfaceColumns: ['options:peer=patch1'] });
      },
      /patch0 is of type patch/,
    ],
    [
      'also one whose name has line breaks and quotes',
      () =>
        plug('vx\n"2"', {
          type: 'vxlan',
          interfaceColumns: ['options:remote_ip=192.0.2.2'],
        }),
      /vx\n"2" is of type vxlan/,
    ],
  ])('%s', async (_kind, make, reason) => {
    const port = await make();
    expect(await enforce(port)).toMatchObject({
      EGRESS: { ...applied, programmed: { mechanism: 'openflow_meter', maxKbps: 10_000 } },
      INGRESS: failed(reason),
    });
    expect(await enforced(port)).toEqual({ egressKbps: 10_000, ingressKbps: null });
  });

  it('a bond: each member’s EGRESS is its own, their queue would be one for all', async () => {
    await veth('bond1', 'bond1p');
    await veth('bond2', 'bond2p');
    await ovs.vsctl('add-bond', 'br0', 'bond', 'bond1', 'bond2');
    const [first, second] = [randomUUID(), randomUUID()];
    await ovs.vsctl('set', 'Interface', 'bond1', `external_ids:iface-id=${first}`);
    await ovs.vsctl('set', 'Interface', 'bond2', `external_ids:iface-id=${second}`);

    const results = await test.enforce(
      desire({ [first]: both, [second]: { EGRESS: { maxKbps: 5_000 } } }),
    );

    expect(resultFor(results, first, 'EGRESS')).toMatchObject(applied);
    expect(resultFor(results, second, 'EGRESS')).toMatchObject(applied);
    expect(resultFor(results, first, 'INGRESS')).toMatchObject(
      failed(/Port bond bonds 2 interfaces; its queue would limit them all/),
    );
    const read = await readSwitch(ovs, 'br0');
    expect([read.get(first)?.egressKbps, read.get(second)?.egressKbps]).toEqual([10_000, 5_000]);
  });
});

it('A port that Open vSwitch cannot open waits, with the reason', async () => {
  const port = await plug('dpdk1', { type: 'dpdkvhostuser' });
  const waiting = {
    status: 'WAITING_FOR_PORT',
    message: expect.stringMatching(
      /^Open vSwitch could not open interface dpdk1 on bridge br0: could not open network device/,
    ),
  };
  expect(await enforce(port)).toMatchObject({ EGRESS: waiting, INGRESS: waiting });
});

describe('the id of a port', () => {
  it('on two interfaces of one host is FAILED with both named, until one of them is gone', async () => {
    await veth('twin1', 'twin1p');
    await veth('twin2', 'twin2p');
    const twin = await plug('twin1');
    expect(await enforce(twin)).toMatchObject({ EGRESS: applied, INGRESS: applied });

    await ovs.addBridge('br1');
    const { portId } = await plug('twin2', { portId: twin.portId, bridge: 'br1' });
    const named = failed(/^Interfaces twin1 and twin2 both carry this port's id; only one may\.$/);
    await eventually(async () =>
      expect(await enforce(twin)).toMatchObject({ EGRESS: named, INGRESS: named }),
    );
    // What held before holds on: nobody can tell which of the two is meant.
    expect(await ovs.ofctl('dump-meters', 'br0')).toContain('rate=10000');

    await ovs.vsctl('del-port', 'br0', 'twin1');
    await eventually(async () =>
      expect(await enforce(twin)).toMatchObject({ EGRESS: applied, INGRESS: applied }),
    );
    expect(await enforced({ portId, name: 'twin2' }, 'br1')).toEqual(held);
    expect(await leftovers(ovs, 'br0')).toMatchObject({ meters: 0, flows: 0, marks: false });
  });

  it('counts in upper case too; an iface-id that is none is ignored, and counted', async () => {
    const before = (await test.driver.observe())?.ignored ?? 0;
    await veth('upper1', 'upper1p');
    await veth('none1', 'none1p');
    const portId = randomUUID();
    const upper = await plug('upper1', { portId: portId.toUpperCase() });
    await plug('none1', { portId: 'not-a-uuid' });
    expect(await enforce({ ...upper, portId })).toMatchObject({ EGRESS: applied });
    await eventually(async () => expect((await test.driver.observe())?.ignored).toBe(before + 1));
  });
});

describe('several bridges', () => {
  it.each([`b"r'1`, 'b r\n"2"', 'brücke,3'])('also one whose name is %j', async (name) => {
    const quoted = JSON.stringify(name);
    const insert = (table: string, ...columns: string[]) => [
      ...['--', `--id=@${table}`, 'create', table, `name=${quoted}`, ...columns],
    ];
    await ovs.vsctl(
      ...insert('Bridge', 'datapath_type=netdev', 'ports=@Port'),
      ...insert('Port', 'interfaces=@Interface'),
      ...insert('Interface', 'type=internal'),
      ...['--', 'add', 'Open_vSwitch', '.', 'bridges', '@Bridge'],
    );
    await veth(`of${name.length}`, `of${name.length}p`);
    const port = await plug(`of${name.length}`, { bridge: name });
    await eventually(async () =>
      expect(await enforce(port)).toMatchObject({ EGRESS: applied, INGRESS: applied }),
    );
    expect((await test.driver.observe())?.ports).toContainEqual(
      expect.objectContaining({ portId: port.portId, bridge: name }),
    );
    const meters = await ovs.ofctl('dump-meters', `unix:${ovs.openflow(name)}`);
    expect(meters).toContain('rate=10000');
    await ovs.vsctl('del-br', name);
  });

  it('are limited each for itself, and a port that moves takes its limits along', async () => {
    await ovs.addBridge('br1');
    await veth('here1', 'here1p');
    await veth('there1', 'there1p');
    const here = await plug('here1');
    const there = await plug('there1', { bridge: 'br1' });
    const desired = desire({ [here.portId]: both, [there.portId]: both });
    await test.enforce(desired);
    expect(await enforced(here)).toEqual(held);
    expect(await enforced(there, 'br1')).toEqual(held);

    await ovs.vsctl('del-port', 'br0', 'here1');
    await plug('here1', { bridge: 'br1', portId: here.portId });

    await eventually(async () => {
      await test.enforce(desired);
      expect(await enforced(here, 'br1')).toEqual(held);
    });
    expect(await enforced(there, 'br1')).toEqual(held);
    expect(await leftovers(ovs, 'br0')).toMatchObject({ meters: 0, flows: 0, marks: false });
  });
});
