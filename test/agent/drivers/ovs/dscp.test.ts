import { afterAll, beforeAll, expect, it } from 'vitest';
import { receivedMarks } from '../../../support/dscp.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { desire, type Limits, startDriver } from './fixture.ts';

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

it('IPv4 and IPv6 arrive with the mark of the rule, whatever the guest set, and with ECN as it was', async () => {
  await using test = startDriver(ovs);
  const arriving = async (limits: Limits | undefined) => {
    await test.enforce(desire(limits ? { [guest.portId]: limits } : {}));
    const { ipv4, ipv6 } = await receivedMarks(guest, peer);
    expect(ipv6).toEqual(ipv4);
    return ipv4;
  };
  const own = await arriving(undefined);
  expect(own).toEqual({ dscp: 26, ecn: 1 });
  for (const dscpMark of [46, 0, 10, 56]) {
    expect(await arriving({ EGRESS: { dscpMark } })).toEqual({ dscp: dscpMark, ecn: 1 });
  }
  expect(await arriving({ EGRESS: { dscpMark: 34, maxKbps: 10_000, maxKpps: 5 } })).toEqual({
    dscp: 34,
    ecn: 1,
  });
  // What reaches the guest is not marked, nor what anybody else sends.
  expect((await receivedMarks(peer, guest)).ipv4).toEqual(own);
  expect(await arriving({ INGRESS: { maxKbps: 10_000 } })).toEqual(own);
});
