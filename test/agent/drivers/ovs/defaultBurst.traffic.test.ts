import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { measureTcp } from '../../../support/traffic.ts';
import { desire, startDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;
let peer: Guest;

beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  peer = await ovs.addPort({ bridge: 'br0' });
});
afterAll(() => ovs?.stop());

const maxKbps = 20_000;

// docs/bursts.md has the other rates, and the kernel datapath's mechanisms.
test.each(['EGRESS', 'INGRESS'] as const)(
  'Where nobody sets a burst, TCP reaches more than four fifths of the rate: %s on a userspace bridge',
  async (direction) => {
    await using driver = startDriver(ovs);
    await driver.enforce(desire({ [guest.portId]: { [direction]: { maxKbps } } }));
    const [from, to] = direction === 'EGRESS' ? [guest, peer] : [peer, guest];

    const mbps = await measureTcp({ from, to, seconds: 6, notCountedMs: 2_000 });

    console.log(`${direction}: TCP reaches ${mbps.toFixed(1)} of ${maxKbps / 1_000} Mbit/s.`);
    expect(mbps).toBeGreaterThan((0.8 * maxKbps) / 1_000);
    expect(mbps).toBeLessThan((1.25 * maxKbps) / 1_000);
  },
);
