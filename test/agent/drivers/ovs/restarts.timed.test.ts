import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../../../agent/desired.ts';
import type { PlannedChange } from '../../../../agent/drivers/driver.ts';
import { Reconciler, reconcilerTiming } from '../../../../agent/reconciler.ts';
import { createLog } from '../../../../lib/log.ts';
import { run, runIn } from '../../../../scripts/lab/command.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { leftovers, readSwitch } from '../../../support/readSwitch.ts';
import { desire, startDriver } from './fixture.ts';

/** The agent's word, after the switch is back. */
const backWithinMs = 2_000;

let ovs: TestSwitch;
let guests: Guest[];
beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guests = [await ovs.addPort({ bridge: 'br0' }), await ovs.addPort({ bridge: 'br0' })];
});
afterEach(() => ovs?.stop());

const held = { egressKbps: 10_000, ingressKbps: 20_000 };

/** The agent's own loop over the driver, as it runs on a host: both guests are limited in both directions. */
function startAgent(): AsyncDisposable & { readonly repairs: readonly PlannedChange[] } {
  const limits = { EGRESS: { maxKbps: 10_000, dscpMark: 10 }, INGRESS: { maxKbps: 20_000 } };
  const ports = desire(Object.fromEntries(guests.map(({ portId }) => [portId, limits])));
  const desired: DesiredState = { cursor: 'c', adminStateUp: true, ports };
  const test = startDriver(ovs);
  const repairs: PlannedChange[] = [];
  const reconciler = new Reconciler({
    driver: test.driver,
    desired: () => desired,
    log: createLog('test', 'silent', 'json'),
    ...reconcilerTiming,
    listener: {
      observed: () => undefined,
      repaired: (changes) => void repairs.push(...changes),
      settled: () => undefined,
      ended: () => undefined,
    },
  });
  test.driver.onChange(() => reconciler.wake());
  const stop = new AbortController();
  const running = reconciler.run(stop.signal);
  return {
    repairs,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await test[Symbol.asyncDispose]();
    },
  };
}

/** All limits as the switch's own tools and the kernel show them. */
async function isHeld(bridge = 'br0'): Promise<void> {
  const enforced = await readSwitch(ovs, bridge);
  for (const { portId, interfaceName } of guests) {
    expect(enforced.get(portId)).toEqual(held);
    const classes = await runIn(ovs.netns, 'tc', ['class', 'show', 'dev', interfaceName]);
    expect(classes).toMatch(/1:1 .*ceil 20Mbit/);
  }
  expect(await ovs.ofctl('dump-flows', bridge)).toMatch(/ip_dscp/);
}

const untilHeld = (bridge?: string) =>
  eventually(() => isHeld(bridge), { timeoutMs: 15_000, intervalMs: 50 });

/** From the moment that the switch is there again. */
async function expectBackInTime(what: string, bridge?: string): Promise<void> {
  const startedAt = performance.now();
  await eventually(() => isHeld(bridge), { timeoutMs: backWithinMs, intervalMs: 20 });
  console.info(`${what}: all limits were back in ${Math.round(performance.now() - startedAt)} ms.`);
}

async function plugAll(bridge: string): Promise<void> {
  for (const guest of guests) await ovs.plug({ ...guest, bridge });
}

describe('all limits are back within 2 s of the switch, when', () => {
  it('ovs-vswitchd, ovsdb-server, or both were killed and started', async () => {
    await using _ = startAgent();
    await untilHeld();

    await ovs.killVswitchd();
    await ovs.startVswitchd();
    await expectBackInTime('vswitchd');

    await ovs.killOvsdb();
    await ovs.startOvsdb();
    await expectBackInTime('ovsdb-server');

    await ovs.killOvsdb();
    await ovs.killVswitchd();
    await ovs.startOvsdb();
    await ovs.startVswitchd();
    await expectBackInTime('both');
  });

  it('its database was wiped, and bridge and ports made anew', async () => {
    await using _ = startAgent();
    await untilHeld();
    await ovs.killOvsdb();
    await rm(`${ovs.dir}/conf.db`);
    await run('ovsdb-tool', [
      'create',
      `${ovs.dir}/conf.db`,
      '/usr/share/openvswitch/vswitch.ovsschema',
    ]);
    await ovs.startOvsdb();
    await ovs.addBridge('br0');
    await plugAll('br0');
    await expectBackInTime('database wiped');
  });

  it('its bridge was deleted and made again, also in one transaction', async () => {
    await using _ = startAgent();
    await untilHeld();
    await ovs.vsctl('del-br', 'br0');
    await ovs.addBridge('br0');
    await plugAll('br0');
    await expectBackInTime('bridge made again');

    const plugged = guests.flatMap(({ interfaceName, portId }) => [
      ...['--', 'add-port', 'br0', interfaceName],
      ...['--', 'set', 'Interface', interfaceName, `external_ids:iface-id=${portId}`],
    ]);
    await ovs.vsctl(
      ...[
        'del-br',
        'br0',
        '--',
        'add-br',
        'br0',
        '--',
        'set',
        'Bridge',
        'br0',
        'datapath_type=netdev',
      ],
      ...plugged,
    );
    await expectBackInTime('bridge made again at once');
  });

  it('its ports were moved to another bridge, or given another OpenFlow port', async () => {
    await using _ = startAgent();
    await untilHeld();
    await ovs.addBridge('br1');
    for (const guest of guests) await ovs.unplug(guest);
    await plugAll('br1');
    await expectBackInTime('another bridge', 'br1');
    await eventually(async () =>
      expect(await leftovers(ovs, 'br0')).toMatchObject({ meters: 0, flows: 0, marks: false }),
    );

    for (const [index, { interfaceName }] of guests.entries()) {
      await ovs.vsctl('set', 'Interface', interfaceName, `ofport_request=${70 + index}`);
    }
    await expectBackInTime('another OpenFlow port', 'br1');
    expect(await ovs.ofctl('dump-flows', 'br1', 'in_port=1')).not.toMatch(/meter:/);
  });
});

describe('a controller', () => {
  it('that wipes all flows, again and again, is answered each time, and each repair is counted', async () => {
    await using agent = startAgent();
    await untilHeld();
    for (let round = 1; round <= 3; round += 1) {
      await ovs.ofctl('del-flows', 'br0');
      await expectBackInTime(`flows wiped ${round}`);
      const ports = agent.repairs.map(({ portId }) => portId);
      await eventually(() => expect(ports).toHaveLength(round * guests.length));
    }
    expect(new Set(agent.repairs.map(({ mechanism }) => mechanism))).toEqual(new Set(['openflow']));
  });

  it('that is set, with no other flow than its own, leaves limits in front of its pipeline', async () => {
    await using _ = startAgent();
    await untilHeld();
    // Open vSwitch flushes all flows when a bridge gets its first controller.
    await ovs.vsctl(
      ...['set-controller', 'br0', 'tcp:127.0.0.1:1', '--', 'set-fail-mode', 'br0', 'secure'],
    );
    await expectBackInTime('a controller is set');
    expect(await ovs.ofctl('dump-flows', 'br0')).not.toMatch(/NORMAL/);

    const [from, to] = guests.map(({ interfaceName }) => interfaceName);
    for (const flow of [
      `table=0,in_port=${from},actions=load:7->NXM_NX_REG0[],goto_table:10`,
      'table=10,reg0=7,actions=resubmit(,11)',
      `table=11,reg0=7,actions=output:${to}`,
    ]) {
      await ovs.ofctl('add-flow', 'br0', flow);
    }
    const packet = `in_port=${from},ip,nw_src=192.0.2.1,nw_dst=192.0.2.2`;
    const traced = await ovs.appctl('ofproto/trace', 'br0', packet);
    const passed = [...traced.matchAll(/^ ?\d+\. |meter|ip_dscp|output/gm)].map(([word]) => word);
    expect(passed).toEqual([' 0. ', 'meter', 'ip_dscp', ' 0. ', '10. ', '11. ', 'output', 'meter']);
  });
});
