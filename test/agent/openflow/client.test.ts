import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectOpenFlow, type OpenFlowClient } from '../../../agent/openflow/client.ts';
import {
  addFlow,
  deleteFlowStrict,
  deleteFlows,
  type Flow,
  modifyFlowStrict,
} from '../../../agent/openflow/flows.ts';
import { addMeter, deleteMeter, type Meter, modifyMeter } from '../../../agent/openflow/meters.ts';
import { run, runIn } from '../../../scripts/lab/command.ts';
import { eventually } from '../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';
import { flows, meters } from './arbitrary.ts';

const cookie = 0x51_0000_0000n;
const ours = { cookie, mask: 0xff_0000_0000n };

let ovs: TestSwitch;
let client: OpenFlowClient;

beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  client = await connectOpenFlow(ovs.openflow('br0'));
});

afterAll(async () => {
  await client?.close();
  await ovs?.stop();
});

beforeEach(async () => {
  const left = await client.dumpMeters();
  await client.batch([deleteFlows(ours), ...left.map(({ id }) => deleteMeter(id))]);
});

/** Sends commands that the switch must take. */
async function done(...commands: Parameters<OpenFlowClient['batch']>[0]): Promise<void> {
  expect((await client.batch(commands)).filter((error) => error !== null)).toEqual([]);
}

function kbps(id: number, rate: number, burst: number | null = null): Meter {
  return { id, unit: 'kbps', bands: [{ rate, burst }] };
}

function metered(priority: number, meter: number): Flow {
  return {
    cookie,
    table: 0,
    priority,
    match: { inPort: 1 },
    meter,
    actions: [{ type: 'resubmit', table: 1 }],
  };
}

test('the switch tells which it is', async () => {
  expect(await client.description()).toEqual({
    hardware: 'Open vSwitch',
    software: (await ovs.appctl('version')).match(/\d+\.\d+\.\d+/)?.[0],
  });
});

describe('meters', () => {
  test('what the bridge can hold is told', async () => {
    expect(await client.meterFeatures()).toEqual({
      maxMeters: 262_144,
      maxBands: 8,
      canDrop: true,
      units: ['kbps', 'pktps'],
      canBurst: true,
    });
  });

  test('are made, changed in place and deleted, as ovs-ofctl sees it', async () => {
    await done(addMeter(kbps(5, 10_000, 800)), addFlow(metered(1, 5)));
    expect(await ovs.ofctl('dump-meters', 'br0')).toMatch(
      /meter=5 kbps burst stats bands=\s+type=drop rate=10000 burst_size=800/,
    );

    await done(modifyMeter({ id: 5, unit: 'pktps', bands: [{ rate: 300, burst: null }] }));
    expect(await ovs.ofctl('dump-meters', 'br0')).toMatch(
      /meter=5 pktps stats bands=\s+type=drop rate=300/,
    );
    expect(await client.dumpFlows(ours)).toHaveLength(1);

    await done(deleteMeter(5));
    expect(await client.dumpMeters()).toEqual([]);
    expect(await client.dumpFlows(ours), 'a flow goes with its meter').toEqual([]);
  });

  test('of any kind are read back as they were asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(meters, { selector: ({ id }) => id, maxLength: 20 }),
        async (wanted) => {
          await done(...wanted.map(addMeter));
          const found = await client.dumpMeters();
          expect(found.toSorted((a, b) => a.id - b.id)).toEqual(
            wanted.toSorted((a, b) => a.id - b.id),
          );
          await done(...found.map(({ id }) => deleteMeter(id)));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('by the thousand are read in pieces, none missing', async () => {
    const wanted = Array.from({ length: 5_000 }, (_, index) => kbps(index + 1, 1_000 + index));
    await done(...wanted.map(addMeter));

    const [found, stats] = await Promise.all([client.dumpMeters(), client.dumpMeterStats()]);
    expect(new Set(found.map(({ bands }) => bands[0]?.rate)).size).toBe(5_000);
    expect(new Set(stats.map(({ id }) => id)).size).toBe(5_000);
  });

  test('count what they let pass and what they drop', async () => {
    const guest = await ovs.addPort({ bridge: 'br0' });
    const inPort = Number(await ovs.vsctl('get', 'Interface', guest.interfaceName, 'ofport'));
    await done(
      addMeter({ id: 9, unit: 'pktps', bands: [{ rate: 1, burst: 1 }] }),
      addFlow({ ...metered(50, 9), match: { inPort } }),
    );
    const neighbour = ['neigh', 'add', '10.77.9.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'eth0'];
    await run('ip', ['-n', guest.netns, ...neighbour]);
    const send = 'for i in {1..10}; do echo > /dev/udp/10.77.9.9/9; done';
    await runIn(guest.netns, 'bash', ['-c', send]);

    await eventually(async () => {
      const [stats] = await client.dumpMeterStats();
      expect(stats).toMatchObject({ id: 9, flowCount: 1 });
      expect(stats?.packetsIn).toBeGreaterThanOrEqual(10n);
      // One a second may pass, and the guest's own neighbour discovery is metered with the ten.
      expect(stats?.bands[0]?.packets).toBeGreaterThanOrEqual(7n);
      expect(stats?.bands[0]?.bytes).toBeGreaterThanOrEqual(7n * 43n);
    });
  });
});

describe('flows', () => {
  test('are added, changed and deleted strictly, as ovs-ofctl sees it', async () => {
    await done(addMeter(kbps(5, 10_000)), addMeter(kbps(6, 20_000)), addFlow(metered(40_000, 5)));
    const text = () => ovs.ofctl('--no-stats', 'dump-flows', 'br0', `cookie=${cookie}/-1`);
    expect(await text()).toContain(
      'cookie=0x5100000000, priority=40000,in_port=1 actions=meter:5,resubmit(,1)',
    );

    await done(modifyFlowStrict({ ...metered(40_000, 6), actions: [] }));
    expect(await text()).toContain('cookie=0x5100000000, priority=40000,in_port=1 actions=meter:6');

    await done(
      deleteFlowStrict({ ...metered(40_000, 6), cookie: cookie + 1n }),
      deleteFlowStrict(metered(39_999, 6)),
    );
    expect(await client.dumpFlows(ours), 'neither was this flow').toHaveLength(1);
    await done(deleteFlowStrict(metered(40_000, 6)));
    expect(await client.dumpFlows(ours)).toEqual([]);
  });

  test('of any kind are read back as they were asked for', async () => {
    await done(addMeter(kbps(1, 1)), addMeter(kbps(2, 2)));
    await fc.assert(
      fc.asyncProperty(flows(cookie, [1, 2]), async (wanted) => {
        await done(addFlow(wanted));
        const found = await client.dumpFlows(ours);
        expect(found).toEqual([{ ...wanted, packets: 0n, bytes: 0n, otherInstructions: [] }]);
        await done(deleteFlowStrict(wanted));
      }),
      { numRuns: 100 },
    );
  });

  test('of others are not among those of a cookie, and stay when ours are deleted', async () => {
    await ovs.ofctl('add-flow', 'br0', 'cookie=0x52,priority=9,in_port=4,actions=drop');
    await done(addMeter(kbps(5, 1)), addFlow(metered(1, 5)));
    expect(await client.dumpFlows(ours)).toHaveLength(1);
    await done(deleteFlows(ours));
    expect(await ovs.ofctl('dump-flows', 'br0')).toContain('cookie=0x52');
  });

  test('with parts that are not known here are not mistaken for ones without', async () => {
    const flow =
      'cookie=0x5100000000,priority=9,tcp,tp_dst=80,actions=push_vlan:0x8100,write_metadata:7,goto_table:3';
    await ovs.ofctl('add-flow', 'br0', flow);
    const [found] = await client.dumpFlows(ours);
    expect(found?.match.others).toHaveLength(2);
    expect(found?.otherInstructions.length).toBeGreaterThan(0);
    expect(found?.actions).toMatchObject([{ type: 'other' }]);

    await done(deleteFlowStrict(found!));
    expect(await client.dumpFlows(ours)).toEqual([]);
  });
});

describe('errors', () => {
  test('name type and code in the words of the specification and stand where their command stood', async () => {
    const errors = await client.batch([
      addMeter(kbps(5, 1)),
      addMeter(kbps(5, 1)),
      modifyMeter(kbps(77, 1)),
      addFlow(metered(1, 78)),
      deleteMeter(79),
      addFlow({ ...metered(1, 5), match: { ipDscp: 10 } }),
      addFlow(metered(1, 5)),
    ]);
    expect(errors.map((error) => error && `${error.type} ${error.code}`)).toEqual([
      null,
      'OFPET_METER_MOD_FAILED OFPMMFC_METER_EXISTS',
      'OFPET_METER_MOD_FAILED OFPMMFC_UNKNOWN_METER',
      'OFPET_METER_MOD_FAILED OFPMMFC_INVALID_METER',
      null,
      'OFPET_BAD_MATCH OFPBMC_BAD_PREREQ',
      null,
    ]);
    expect(await client.dumpFlows(ours)).toHaveLength(1);
  });

  test('of one batch do not touch another that travels with it', async () => {
    const [bad, good] = await Promise.all([
      client.batch([modifyMeter(kbps(1, 1))]),
      client.batch([addMeter(kbps(1, 1))]),
    ]);
    expect(bad[0]?.message).toMatch(
      /^The switch refused OpenFlow message \d+: OFPET_METER_MOD_FAILED, OFPMMFC_UNKNOWN_METER\.$/,
    );
    expect(good).toEqual([null]);
  });
});
