import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { eventually } from '../support/eventually.ts';
import { leftovers, nothingLeft } from '../support/readSwitch.ts';
import { type Competition, compete, guarantee, guaranteeApplied, linkMbps } from './guarantees.ts';
import { type KernelHost, settledWithinMs } from './kernelHost.ts';

const links = ['link1', 'link2'] as const;

/** For `SLUICE_PHYSICAL_PORTS`: either kind of bond carries it. */
export const bondedWayOut = `bond0:${linkMbps * 1_000}`;

/**
 * Two links from br-ex to a bridge that floods between them; what comes back by the idle one of a bond is dropped.
 * Nobody bonds them yet.
 */
async function addLinks({ guest, ovs }: KernelHost): Promise<Endpoint> {
  await ovs.addBridge('br-far');
  for (const link of links) {
    await guest.succeed(`set -e
      ip link add ${link} type veth peer name far-${link}
      ip link set ${link} up
      ip link set far-${link} up
      ovs-vsctl add-port br-far far-${link}`);
  }
  return ovs.addUplink('br-far', 'far0');
}

/** `minKbps` where the way out is a bond, Open vSwitch's own or Linux's. */
export function bondSuite(start: () => Omit<Competition, 'beyond'>): void {
  let competition: Competition;
  let kernelHost: KernelHost;
  beforeAll(async () => {
    const started = start();
    kernelHost = started.kernelHost;
    competition = { ...started, beyond: await addLinks(kernelHost) };
  });

  async function expectGuaranteed(): Promise<void> {
    const got = await compete(competition);
    expect(got.first).toBeGreaterThan(7 * 0.9);
    expect(got.second).toBeLessThan(4);
    expect(got.first + got.second).toBeLessThan(linkMbps * 1.1);
  }

  /** Guaranteed, read back on each of these devices, and gone from them with the rule. */
  async function whileGuaranteed(
    devices: readonly string[],
    during: () => Promise<void>,
  ): Promise<void> {
    const { ovs } = kernelHost;
    const id = await guarantee(kernelHost, competition.first, 7_000);
    await guaranteeApplied(kernelHost, id, 7_000);
    for (const device of devices) {
      expect(await ovs.tc('classes', device)).toMatch(/rate 7Mbit ceil 10Mbit/);
    }
    await during();
    await kernelHost.remove(id);
    await eventually(
      async () => {
        expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft);
        for (const device of devices) expect(await ovs.tc('classes', device)).toBe('');
      },
      { timeoutMs: settledWithinMs },
    );
  }

  test('on a bond of Open vSwitch’s a guarantee is read back on every member, and holds on whichever is used', async () => {
    const { guest, ovs } = kernelHost;
    await ovs.vsctl('add-bond', 'br-ex', 'bond0', ...links);
    onTestFinished(() => ovs.vsctl('--if-exists', 'del-port', 'bond0').then(() => undefined));
    await whileGuaranteed(links, async () => {
      for (const [used, idle] of [links, links.toReversed()]) {
        await guest.succeed(`ip link set ${used} up && ip link set ${idle} down`);
        await expectGuaranteed();
      }
    });
    await guest.succeed(links.map((link) => `ip link set ${link} up`).join(' && '));
  });

  test('a bond of Linux’s, named with what its links carry, holds a guarantee itself', async () => {
    const { guest, ovs } = kernelHost;
    // Loaded without a word it makes a bond0 of its own.
    await guest.succeed(`set -e
      /busybox modprobe bonding max_bonds=0
      ip link add bond0 type bond mode active-backup miimon 100`);
    for (const link of links) {
      await guest.succeed(`ip link set ${link} down && ip link set ${link} master bond0`);
    }
    await guest.succeed('ip link set bond0 up && ovs-vsctl add-port br-ex bond0');
    onTestFinished(() => ovs.vsctl('--if-exists', 'del-port', 'bond0').then(() => undefined));
    await whileGuaranteed(['bond0'], expectGuaranteed);
  });
}
