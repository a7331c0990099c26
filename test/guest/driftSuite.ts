import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { repairsCounted } from './counted.ts';
import { guarantee, guaranteeApplied } from './guarantees.ts';
import type { KernelHost } from './kernelHost.ts';
import type { Port } from './kernelSwitch.ts';
import { type PortRules, rulesOf } from './limits.ts';

/** The agent's word. */
const backWithinSeconds = 2;

/** What somebody does to limits of a mechanism, and how they are read: a shell's command lines both. */
interface Disturbance {
  readonly mechanism: 'linux_htb' | 'ingress_policing';
  readonly read: string;
  readonly disturb: string;
  /** Default 1. */
  readonly repairs?: number;
}

/** A policer that is made anew has another index, which tc prints with a base and reads without. */
const withoutIndexes = `sed -E 's/(index|handle|police) [^ ]+//g'`;
const indexOfPolicer = String.raw`$(($(tc actions list action police | sed -nE 's/.* police (0x[0-9a-f]+) .*/\1/p')))`;

/** What others take away or change, in the kernel and in the database, while the agent runs. */
export function driftSuite(
  start: () => {
    readonly kernelHost: KernelHost;
    readonly limited: Port;
    /** Another, with its way out by up1. */
    readonly guaranteed: Port;
  },
): void {
  let kernelHost: KernelHost;
  let guest: KernelHost['guest'];
  let rules: PortRules;
  let guaranteed: Port;
  let device: string;
  beforeAll(() => {
    const { limited, ...rest } = start();
    ({ kernelHost, guaranteed } = rest);
    ({ guest } = kernelHost);
    rules = rulesOf(kernelHost, limited);
    device = limited.interfaceName;
  });

  /** In time by the guest's own clock, and counted. */
  async function expectBack(disturbance: Disturbance): Promise<void> {
    const { mechanism, read, disturb, repairs = 1 } = disturbance;
    const earlier = await repairsCounted(guest, mechanism);
    const seconds = await guest.succeed(`set -e
      before=$(${read})
      read -r started _ </proc/uptime
      ${disturb}
      while read -r now _ </proc/uptime; [ "$(${read})" != "$before" ]; do sleep 0.02; done
      echo "$now $started" | awk '{ print $1 - $2 }'`);
    console.log(`${disturb}: as before after ${seconds.trim()} s.`);
    expect(Number(seconds)).toBeLessThan(backWithinSeconds);
    const counted = async () =>
      expect(await repairsCounted(guest, mechanism)).toBe(earlier + repairs);
    await eventually(counted, { timeoutMs: 10_000, intervalMs: 100 });
  }

  const policer = (disturb: string): Disturbance => ({
    mechanism: 'ingress_policing',
    read: `tc filter show dev ${device} parent ffff: | ${withoutIndexes}`,
    disturb,
  });
  /** By its index, which names no device. */
  const policerTo = (parameters: string) =>
    policer(`tc actions change action police ${parameters} index ${indexOfPolicer}`);
  const columns = (values: string) => policer(`ovs-vsctl set Interface ${device} ${values}`);

  test('a policer that somebody changes or deletes by tc, or its columns by ovs-vsctl, is back within 2 s, each time, and counted', async () => {
    const id = await rules.create({ direction: 'EGRESS', maxKbps: 10_000 });
    await rules.applied(id, { mechanism: 'ingress_policing', maxKbps: 10_000 });
    const first = `dev ${device} parent ffff: prio 1`;
    for (const disturbance of [
      policer(`tc qdisc del dev ${device} ingress`),
      policer(`tc filter del dev ${device} ingress`),
      policer(
        `printf 'filter del ${first}\\nfilter add ${first} protocol all matchall action police rate 90mbit burst 1m drop\\n' | tc -batch -`,
      ),
      policerTo('rate 90mbit burst 1000kb mtu 64kb conform-exceed drop/continue'),
      policerTo('rate 10mbit burst 20kb mtu 64kb conform-exceed drop/continue'),
      policerTo('rate 10mbit burst 1000kb mtu 64kb conform-exceed pass/continue'),
      columns('ingress_policing_rate=99'),
      columns('ingress_policing_burst=99'),
      columns('ingress_policing_rate=0 ingress_policing_burst=0'),
    ]) {
      await expectBack(disturbance);
    }

    await kernelHost.ovs.restartOvsdb();
    await kernelHost.binding(id, ({ stale, status }) =>
      expect({ stale, status }).toEqual({ stale: false, status: 'APPLIED' }),
    );
    await expectBack(policer(`tc qdisc del dev ${device} ingress`));
    await rules.remove(id);
  });

  const queue = (of: string, disturb: string): Disturbance => ({
    mechanism: 'linux_htb',
    read: `tc class show dev ${of}`,
    disturb,
  });

  test('so are queues, of a port and of the way out of the host', async () => {
    const id = await rules.create({ direction: 'INGRESS', maxKbps: 5_000 });
    const least = await guarantee(kernelHost, guaranteed, 4_000);
    await rules.applied(id, { mechanism: 'linux_htb', maxKbps: 5_000 });
    await guaranteeApplied(kernelHost, least, 4_000);
    for (const disturbance of [
      queue(device, `tc qdisc del dev ${device} root`),
      queue(
        device,
        `tc class change dev ${device} parent 1:fffe classid 1:1 htb rate 12kbit ceil 90mbit`,
      ),
      queue(device, `ovs-vsctl clear Port ${device} qos`),
      queue(device, `tc class change dev ${device} parent 1: classid 1:fffe htb rate 1mbit`),
      queue('up1', 'tc qdisc del dev up1 root'),
      queue('up1', 'tc class del dev up1 classid 1:1'),
      queue('up1', 'tc class change dev up1 parent 1: classid 1:fffe htb rate 1gbit'),
      // The link's share, and the port's.
      { ...queue('up1', 'ovs-vsctl clear Port up1 qos'), repairs: 2 },
    ]) {
      await expectBack(disturbance);
    }
    await rules.remove(id, least);
  });
}
