import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runIn } from '../../../../scripts/lab/command.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { ovsVersion, queueMostKbps } from '../../../support/ovsVersion.ts';
import { leftovers, nothingLeft } from '../../../support/readSwitch.ts';
import { measureUdp, peakMbps, sampleThroughput } from '../../../support/traffic.ts';
import { WriteGate } from '../../../support/writeGate.ts';
import { desire, type Limits, resultFor, startDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;
let peer: Guest;

beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  peer = await ovs.addPort({ bridge: 'br0' });
});
afterEach(() => ovs?.stop());

function onGuest(limits: Limits) {
  return desire({ [guest.portId]: limits });
}

/** Puts the guest, untagged, behind a bridge of its own, and that one's VLAN behind a trunk port of br0, whose id it gives. */
async function trunkTo({ interfaceName }: Guest, vlan: number): Promise<string> {
  const portId = '77777777-0000-0000-0000-000000000003';
  await ovs.addBridge('br1');
  const pair = ['trunk0', 'type', 'veth', 'peer', 'name', 'trunk1'];
  await runIn(ovs.netns, 'ip', ['link', 'add', ...pair]);
  for (const end of ['trunk0', 'trunk1']) {
    await runIn(ovs.netns, 'ip', ['link', 'set', end, 'up']);
  }
  await ovs.vsctl(
    ...['del-port', 'br0', interfaceName, '--', 'add-port', 'br1', interfaceName, `tag=${vlan}`],
    ...['--', 'add-port', 'br1', 'trunk1', `trunks=${vlan}`],
    ...['--', 'add-port', 'br0', 'trunk0', `trunks=${vlan}`],
    ...['--', 'set', 'Interface', 'trunk0', `external_ids:iface-id=${portId}`],
  );
  return portId;
}

/** kbit/s with a bucket of a tenth of a second, so that short measurements see the rate. */
function rate(maxKbps: number) {
  return { maxKbps, maxBurstKbps: maxKbps / 10 };
}

describe('the OVS driver on a userspace switch', () => {
  it('holds UDP to the rate in both directions, and says what was programmed', async () => {
    await using test = startDriver(ovs);
    const results = await test.enforce(
      onGuest({ EGRESS: { maxKbps: 20_000 }, INGRESS: { maxKbps: 30_000 } }),
    );

    expect(resultFor(results, guest.portId, 'EGRESS')).toMatchObject({
      status: 'APPLIED',
      programmed: { mechanism: 'openflow_meter', maxKbps: 20_000, maxBurstKbps: 16_000 },
    });
    expect(resultFor(results, guest.portId, 'INGRESS')).toMatchObject({
      status: 'APPLIED',
      programmed: { mechanism: 'linux_htb', maxKbps: 30_000, maxBurstKbps: 24_000 },
    });
    const egress = await measureUdp({ from: guest, to: peer, offeredMbps: 80, seconds: 4 });
    const ingress = await measureUdp({ from: peer, to: guest, offeredMbps: 80, seconds: 4 });
    expect(egress).toBeGreaterThan(18);
    expect(egress).toBeLessThan(22);
    expect(ingress).toBeGreaterThan(27);
    expect(ingress).toBeLessThan(33);
  });

  it('holds a trunk and an access port of a VLAN, tagged traffic as any other', async () => {
    const trunk = await trunkTo(guest, 100);
    await ovs.vsctl('set', 'Port', peer.interfaceName, 'tag=100');
    await using test = startDriver(ovs);
    for (const { portId, inside, outside } of [
      { portId: trunk, inside: guest, outside: peer },
      { portId: peer.portId, inside: peer, outside: guest },
    ]) {
      const limits = { EGRESS: rate(20_000), INGRESS: rate(10_000) };
      const results = await test.enforce(desire({ [portId]: limits }));
      expect(resultFor(results, portId, 'EGRESS')?.status).toBe('APPLIED');
      expect(resultFor(results, portId, 'INGRESS')?.status).toBe('APPLIED');
      const offered = { offeredMbps: 40, seconds: 3 };
      const egress = await measureUdp({ from: inside, to: outside, ...offered });
      const ingress = await measureUdp({ from: outside, to: inside, ...offered });
      expect(egress).toBeGreaterThan(18);
      expect(egress).toBeLessThan(22);
      // What the trunk's queue lets go has another port to pass, by the socket that it fills (docs/bursts.md).
      expect(ingress).toBeGreaterThan(7);
      expect(ingress).toBeLessThan(11);
    }
  });

  it('changes limits under traffic without a moment of more than either', async () => {
    await using test = startDriver(ovs);
    for (const direction of ['EGRESS', 'INGRESS'] as const) {
      await test.enforce(onGuest({ [direction]: rate(10_000) }));
      const [from, to] = direction === 'EGRESS' ? [guest, peer] : [peer, guest];
      const samples = await sampleThroughput({
        from,
        to,
        offeredMbps: 100,
        seconds: 3,
        during: async () => {
          for (let n = 1; n <= 20; n++) {
            await test.enforce(onGuest({ [direction]: rate(n % 2 === 0 ? 10_000 : 12_000) }));
          }
        },
      });
      expect(peakMbps(samples.slice(3), 300)).toBeLessThan(25);
    }
  });

  it('leaves nothing behind of a limit that nobody asks for any more', async () => {
    await using test = startDriver(ovs);
    const limits = { EGRESS: { ...rate(10_000), maxKpps: 5, dscpMark: 10 }, INGRESS: rate(10_000) };
    await test.enforce(onGuest(limits));
    expect(await leftovers(ovs, 'br0')).not.toEqual(nothingLeft);

    const results = await test.enforce(onGuest({}));
    expect(resultFor(results, guest.portId, 'EGRESS')).toMatchObject({ ruleId: null });
    expect(resultFor(results, guest.portId, 'INGRESS')).toMatchObject({ status: 'APPLIED' });
    expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft);
    expect(await test.enforce(onGuest({}))).toEqual([]);
  });

  it('adopts what is right, without a write', async () => {
    const desired = onGuest({ EGRESS: { ...rate(10_000), dscpMark: 46 }, INGRESS: rate(10_000) });
    {
      await using first = startDriver(ovs);
      await first.enforce(desired);
    }
    await using gate = await WriteGate.open(ovs, ['br0']);
    await using second = startDriver(ovs, { ovsdb: gate.ovsdb });
    expect(await second.planned(desired)).toEqual([]);
    const results = await second.enforce(desired);
    expect(results.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED']);
    expect(gate.writes).toEqual([]);
  });

  it('names another owner and leaves its QoS, meters and flows as they are', async () => {
    await ovs.vsctl(
      ...['set', 'Port', guest.interfaceName, 'qos=@qos', '--', '--id=@qos', 'create', 'QoS'],
      ...['type=linux-htb', 'other-config:max-rate=5000000'],
    );
    await ovs.ofctl('add-meter', 'br0', 'meter=131073,kbps,band=type=drop,rate=777');
    await ovs.ofctl('add-flow', 'br0', 'cookie=0x5,priority=7,in_port=9,actions=drop');
    await using test = startDriver(ovs);
    const results = await test.enforce(onGuest({ EGRESS: rate(10_000), INGRESS: rate(10_000) }));

    const refused = resultFor(results, guest.portId, 'INGRESS');
    expect(refused).toMatchObject({ status: 'FAILED', programmed: null });
    expect(refused?.message).toMatch(/not Sluice's .*linux-htb.*max-rate=5000000/);
    expect(resultFor(results, guest.portId, 'EGRESS')).toMatchObject({ status: 'APPLIED' });

    await test.enforce(desire({}));
    expect(await ovs.vsctl('get', 'QoS', guest.interfaceName, 'other_config')).toContain('5000000');
    expect(await ovs.ofctl('dump-meters', 'br0')).toContain('rate=777');
    expect(await ovs.ofctl('dump-flows', 'br0')).toContain('cookie=0x5');
  });

  it('holds bits and packets at once, one meter after the other', async () => {
    await using test = startDriver(ovs);
    const both = { ...rate(50_000), maxKpps: 1, maxBurstKpps: 1 };
    const results = await test.enforce(onGuest({ EGRESS: both }));
    expect(resultFor(results, guest.portId, 'EGRESS')).toMatchObject({
      status: 'APPLIED',
      programmed: { maxKbps: 50_000, maxKpps: 1 },
    });
    // 1,000 packets a second of iperf3's 1,448 bytes of payload are 11.6 Mbit/s.
    const packets = await measureUdp({ from: guest, to: peer, offeredMbps: 80, seconds: 3 });
    expect(packets).toBeLessThan(13);
    await test.enforce(onGuest({ EGRESS: { ...rate(5_000), maxKpps: 1, maxBurstKpps: 1 } }));
    const bits = await measureUdp({ from: guest, to: peer, offeredMbps: 80, seconds: 3 });
    expect(bits).toBeLessThan(5.5);
  });

  it('lets a burst through at once, in both directions and in packets', async () => {
    await using test = startDriver(ovs);
    const datagramMbit = (1448 * 8) / 1e6;
    const cases = [
      { direction: 'EGRESS', limit: { maxKbps: 10_000, maxBurstKbps: 20_000 }, mbit: [10, 20] },
      { direction: 'INGRESS', limit: { maxKbps: 10_000, maxBurstKbps: 20_000 }, mbit: [10, 20] },
      {
        direction: 'EGRESS',
        limit: { maxKpps: 1, maxBurstKpps: 2 },
        mbit: [1_000 * datagramMbit, 2_000 * datagramMbit],
      },
    ] as const;
    for (const { direction, limit, mbit } of cases) {
      await test.enforce(onGuest({ [direction]: limit }));
      const [from, to] = direction === 'EGRESS' ? [guest, peer] : [peer, guest];
      const mbps = await measureUdp({ from, to, offeredMbps: 60, seconds: 1, notCountedMs: 0 });
      const [inASecond, burst] = mbit;
      console.log(`${direction}: ${mbps.toFixed(1)} of ${(inASecond + burst).toFixed(1)} Mbit.`);
      expect(mbps).toBeGreaterThan(inASecond + burst * 0.7);
      expect(mbps).toBeLessThan((inASecond + burst) * 1.1);
    }
  });

  it('says why it cannot: an internal port’s queue, policing on a userspace bridge', async () => {
    const portId = '77777777-0000-0000-0000-000000000001';
    await ovs.vsctl(
      ...['add-port', 'br0', 'in0', '--', 'set', 'Interface', 'in0', 'type=internal'],
      `external_ids:iface-id=${portId}`,
    );
    await using test = startDriver(ovs, { egressMechanism: 'ingress_policing' });
    const limits = { EGRESS: rate(10_000), INGRESS: rate(10_000) };
    const results = await test.enforce(desire({ [portId]: limits, [guest.portId]: limits }));
    expect(resultFor(results, portId, 'INGRESS')).toMatchObject({ status: 'FAILED' });
    expect(resultFor(results, portId, 'INGRESS')?.message).toMatch(/in0 is of type internal/);
    expect(resultFor(results, guest.portId, 'EGRESS')?.message).toMatch(
      /limits nothing on bridge br0/,
    );
    const policing = await ovs.vsctl(
      'get',
      'Interface',
      guest.interfaceName,
      'ingress_policing_rate',
    );
    expect(policing.trim()).toBe('0');
  });

  it('reads back the limits at the ends of the range', async () => {
    await using test = startDriver(ovs);
    const read = async (maxKbps: number, maxBurstKbps: number | null) => {
      const limits = { maxKbps, maxBurstKbps };
      const results = await test.enforce(onGuest({ EGRESS: limits, INGRESS: limits }));
      return (['EGRESS', 'INGRESS'] as const).map(
        (direction) => resultFor(results, guest.portId, direction)?.programmed?.maxKbps,
      );
    };
    expect(await read(1, null)).toEqual([1, 12]);
    expect(await read(1_000_000, 13)).toEqual([1_000_000, 1_000_000]);
    expect(await read(1_234_567, 2_147_483_647)).toEqual([1_234_567, 1_234_567]);
    const most = 2_147_483_647;
    expect(await read(most, null)).toEqual([most, Math.min(most, queueMostKbps)]);
  });

  it('queues 40 Gbit/s from Open vSwitch 3.2 on, and says DEGRADED with both numbers before', async () => {
    await using test = startDriver(ovs);
    const [result] = await test.enforce(onGuest({ INGRESS: { maxKbps: 40_000_000 } }));
    const classes = await runIn(ovs.netns, 'tc', ['class', 'show', 'dev', guest.interfaceName]);
    if (queueMostKbps > 40_000_000) {
      expect(result).toMatchObject({ status: 'APPLIED', programmed: { maxKbps: 40_000_000 } });
      expect(classes).toMatch(/1:1 .*ceil 40Gbit/);
      return;
    }
    expect(result).toMatchObject({
      status: 'DEGRADED',
      message: `40000000 kbit/s was asked for; Open vSwitch ${ovsVersion} on this host holds 34359738 at most.`,
      programmed: { mechanism: 'linux_htb', maxKbps: 34_359_738 },
    });
    // As the kernel has it: written as it was asked for, it would be 5640 Mbit/s.
    expect(classes).toMatch(/1:1 .*ceil 34359Mbit/);
  });

  it('names both interfaces that carry one port’s id, and waits for one that nobody has', async () => {
    await ovs.vsctl(
      'set',
      'Interface',
      peer.interfaceName,
      `external_ids:iface-id=${guest.portId}`,
    );
    await using test = startDriver(ovs);
    const nowhere = '77777777-0000-0000-0000-000000000002';
    const results = await test.enforce(
      desire({ [guest.portId]: { EGRESS: rate(10_000) }, [nowhere]: { INGRESS: rate(10_000) } }),
    );
    const twice = resultFor(results, guest.portId, 'EGRESS');
    expect(twice?.status).toBe('FAILED');
    expect(twice?.message).toContain(`${guest.interfaceName} and ${peer.interfaceName}`);
    expect(resultFor(results, nowhere, 'INGRESS')?.status).toBe('WAITING_FOR_PORT');
  });
});
