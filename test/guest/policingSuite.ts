import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { leftovers } from '../support/readSwitch.ts';
import { type KernelHost, settledWithinMs } from './kernelHost.ts';
import type { Port } from './kernelSwitch.ts';
import { expectHeld, expectServed, type PortRules, rulesOf } from './limits.ts';

/** By what EGRESS is held: where others police, and where the agent is told which mechanism to take. It restarts the agent. */
export function policingSuite(
  start: () => { readonly kernelHost: KernelHost; readonly port: Port; readonly peer: Port },
): void {
  let kernelHost: KernelHost;
  let ovs: KernelHost['ovs'];
  let guest: KernelHost['guest'];
  let port: Port;
  let peer: Port;
  let rules: PortRules;
  beforeAll(() => {
    ({ kernelHost, port, peer } = start());
    ({ ovs, guest } = kernelHost);
    rules = rulesOf(kernelHost, port);
  });

  test('policing that is somebody else’s is named and left as it is', async () => {
    const theirs = (...values: string[]) =>
      ovs.vsctl('set', 'Interface', port.interfaceName, ...values);
    await theirs('ingress_policing_rate=777', 'ingress_policing_burst=99');
    const id = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
    await kernelHost.binding(id, (binding) =>
      expect(binding).toMatchObject({
        status: 'FAILED',
        message: expect.stringMatching(/not Sluice's \(rate 777 kbit\/s, .*left as it is/),
      }),
    );
    expect(await ovs.tc('filters', port.interfaceName)).toMatch(/rate 777Kbit/);

    await theirs('ingress_policing_rate=0', 'ingress_policing_burst=0');
    await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 10_000 });
    await rules.remove(id);
  });

  test('an agent that is told to police adopts what is policed and queued, without a write, and refuses what cannot be policed', async () => {
    await ovs.addBridge('br-user', 'netdev');
    const user = await ovs.addPort('br-user');
    const egress = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
    const ingress = await rules.create({ direction: 'INGRESS', maxKbps: 5_000 });
    await rules.applied(egress, { mechanism: 'ingress_policing', maxKbps: 10_000 });
    await rules.applied(ingress, { mechanism: 'linux_htb', maxKbps: 5_000 });
    // A filter that is made anew has another index; the database's file grows with every transaction.
    const everything = async () => [
      await ovs.tc('filters', port.interfaceName),
      await ovs.tc('classes', port.interfaceName),
      await guest.succeed('stat --format=%s /etc/openvswitch/conf.db'),
    ];
    const before = await everything();

    await kernelHost.startAgent({ SLUICE_EGRESS_MECHANISM: 'ingress_policing' });
    const refused = await kernelHost.create(user, { direction: 'EGRESS', maxKbps: 10_000 });
    await rules.failed(refused, /limits nothing on bridge br-user, whose datapath is netdev\./);
    for (const id of [egress, ingress]) {
      await kernelHost.binding(id, ({ stale, status }) =>
        expect({ stale, status }).toEqual({ stale: false, status: 'APPLIED' }),
      );
    }
    // By now it has looked at everything: the refusal is its own.
    expect(await everything()).toEqual(before);
    expect(await ovs.tc('filters', user.interfaceName)).toBe('');
    await kernelHost.remove(refused);
    await rules.remove(egress, ingress);
  });

  /** The kernel loads a module when it is asked for what is in it. */
  const policer = '/lib/modules/*/kernel/net/sched/act_police.ko';

  test('on a kernel without tc police policing is FAILED; the kernel is asked again when the switch restarts', async () => {
    await guest.succeed(`set -e
      /busybox rmmod act_police
      for module in ${policer}; do mv $module $module.away; done`);
    await ovs.killVswitchd();
    await ovs.startVswitchd();
    const id = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
    await rules.failed(id, /^Nothing of this rule can be enforced\. This kernel has no tc police/);
    await kernelHost.capabilities({ tcPolice: false, mechanisms: { br0: { EGRESS: null } } });
    expect(await ovs.vsctl('get', 'Interface', port.interfaceName, 'ingress_policing_rate')).toBe(
      '0\n',
    );

    await guest.succeed(`for module in ${policer}.away; do mv $module \${module%.away}; done`);
    await ovs.killVswitchd();
    await ovs.startVswitchd();
    await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 10_000 });
    await kernelHost.capabilities({
      tcPolice: true,
      mechanisms: { br0: { EGRESS: 'ingress_policing' } },
    });
    expect(await ovs.tc('filters', port.interfaceName)).toMatch(/police .*rate 10Mbit/);
    await rules.remove(id);
  });

  test('a meter takes over from the policer where it is asked for, serves TCP as well, and is back after such a restart too', async () => {
    const id = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
    await rules.applied(id, { mechanism: 'ingress_policing' });
    await kernelHost.startAgent({ SLUICE_EGRESS_MECHANISM: 'openflow_meter' });
    await rules.applied(id, { mechanism: 'openflow_meter', maxKbps: 10_000 });
    expect(await ovs.tc('filters', port.interfaceName)).toBe('');
    await expectServed(port, peer, 10);

    await ovs.killVswitchd();
    await ovs.startVswitchd();
    const startedAt = performance.now();
    await eventually(async () => expect(await leftovers(ovs, 'br0')).toMatchObject({ meters: 1 }), {
      timeoutMs: settledWithinMs,
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`The meter was seen ${seconds.toFixed(1)} s after ovs-vswitchd had started.`);
    await expectHeld(port, peer, 10);
    await rules.remove(id);
  });
}
