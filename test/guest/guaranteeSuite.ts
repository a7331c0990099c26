import { beforeAll, expect, test } from 'vitest';
import { UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { eventually } from '../support/eventually.ts';
import { leftovers, nothingLeft } from '../support/readSwitch.ts';
import { type Competition, compete, guarantee, guaranteeApplied, linkMbps } from './guarantees.ts';
import { type KernelHost, settledWithinMs } from './kernelHost.ts';
import type { Port } from './kernelSwitch.ts';

/** For `SLUICE_PHYSICAL_PORTS`: the link that `addWayOut` makes. */
export const wayOut = `up1:${linkMbps * 1_000}`;

/** The ports' br0 is patched to br-ex, which has the link that leads out of the host. */
export async function addWayOut({ ovs }: KernelHost): Promise<Endpoint> {
  await ovs.addBridge('br-ex');
  await ovs.vsctl(...patch('br0', 'to-ex', 'to-int'), '--', ...patch('br-ex', 'to-int', 'to-ex'));
  return ovs.addUplink('br-ex', 'up1');
}

function patch(bridge: string, name: string, peer: string): string[] {
  const set = ['--', 'set', 'Interface', name, 'type=patch', `options:peer=${peer}`];
  return ['add-port', bridge, name, ...set];
}

/** What two ports of one host are guaranteed on their way out. */
export function guaranteeSuite(start: () => Competition): void {
  let competition: Competition;
  let kernelHost: KernelHost;
  let first: Port;
  let second: Port;
  beforeAll(() => {
    competition = start();
    ({ kernelHost, first, second } = competition);
  });

  const guaranteed = (port: Port, minKbps: number) => guarantee(kernelHost, port, minKbps);
  const applied = (id: string, minKbps: number) => guaranteeApplied(kernelHost, id, minKbps);

  function nothingIsLeft() {
    return eventually(
      async () => {
        expect(await leftovers(kernelHost.ovs, 'br0')).toEqual(nothingLeft);
        expect(await kernelHost.ovs.tc('classes', 'up1')).toBe('');
        expect(await kernelHost.ovs.ofctl('dump-flows', 'br0')).not.toMatch(/set_queue/);
      },
      { timeoutMs: settledWithinMs },
    );
  }

  test('the port with a guarantee gets it where two compete for the way out, whichever of them it is', async () => {
    const ofFirst = await guaranteed(first, 7_000);
    await applied(ofFirst, 7_000);
    const got = await compete(competition);
    expect(got.first).toBeGreaterThan(7 * 0.9);
    expect(got.second).toBeLessThan(4);
    expect(got.first + got.second).toBeLessThan(linkMbps * 1.1);

    await kernelHost.remove(ofFirst);
    const ofSecond = await guaranteed(second, 7_000);
    await applied(ofSecond, 7_000);
    const then = await compete(competition);
    expect(then.second).toBeGreaterThan(7 * 0.9);
    expect(then.first).toBeLessThan(4);

    await kernelHost.remove(ofSecond);
    await nothingIsLeft();
  });

  test('guarantees change in place, and more than the link carries is said to all of them', async () => {
    const one = await guaranteed(first, 4_000);
    const two = await guaranteed(second, 5_000);
    await Promise.all([applied(one, 4_000), applied(two, 5_000)]);

    const input = { id: two, minKbps: 8_000 };
    await kernelHost.system.request(UpdateQosRuleDocument, { input });
    const short = /12000 kbit\/s are guaranteed on up1, whose link carries 10000\./;
    for (const id of [one, two]) {
      await kernelHost.binding(id, (binding) =>
        expect(binding).toMatchObject({
          status: 'DEGRADED',
          message: expect.stringMatching(short),
        }),
      );
    }
    expect(await kernelHost.ovs.tc('classes', 'up1')).toMatch(/rate 8Mbit ceil 10Mbit/);

    await Promise.all([kernelHost.remove(one), kernelHost.remove(two)]);
    await nothingIsLeft();
  });

  test('another owner’s QoS on the way out is named and left as it is', async () => {
    const theirs = await kernelHost.ovs.vsctl(
      ...['--', 'set', 'Port', 'up1', 'qos=@q'],
      ...['--', '--id=@q', 'create', 'QoS', 'type=linux-htb'],
    );
    const id = await guaranteed(first, 4_000);
    await kernelHost.binding(id, (binding) =>
      expect(binding).toMatchObject({
        status: 'FAILED',
        message: expect.stringContaining(
          `physical port up1 has a QoS that is not Sluice's (${theirs.trim()}, type linux-htb)`,
        ),
      }),
    );
    expect((await kernelHost.ovs.vsctl('get', 'Port', 'up1', 'qos')).trim()).toBe(theirs.trim());

    await kernelHost.ovs.vsctl(
      '--',
      'clear',
      'Port',
      'up1',
      'qos',
      '--',
      'destroy',
      'QoS',
      theirs.trim(),
    );
    await applied(id, 4_000);
    await kernelHost.remove(id);
    await nothingIsLeft();
  });
}
