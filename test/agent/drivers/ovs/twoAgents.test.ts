import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { readSwitch } from '../../../support/readSwitch.ts';
import { desire, startDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;
beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
});
afterAll(() => ovs?.stop());

const held = async () => (await readSwitch(ovs, 'br0')).get(guest.portId);
const limits = (maxKbps: number) =>
  desire({ [guest.portId]: { EGRESS: { maxKbps }, INGRESS: { maxKbps } } });

it('Of two agents on one switch one changes it; the other says why not, and takes over when the first ends', async () => {
  const first = startDriver(ovs);
  await first.enforce(limits(10_000));
  await using second = startDriver(ovs);

  const refused = await second.enforce(limits(20_000));

  const message = expect.stringMatching(/^Another Sluice agent holds this switch/);
  expect(refused).toMatchObject([
    { direction: 'INGRESS', status: 'FAILED', message },
    { direction: 'EGRESS', status: 'FAILED', message },
  ]);
  expect(second.driver.obstacle?.()).toMatch(/^Another Sluice agent/);
  expect(await held()).toEqual({ egressKbps: 10_000, ingressKbps: 10_000 });
  // What holds as it should is said to: it was read back, whoever made it so.
  expect(await second.enforce(limits(10_000))).toMatchObject([
    { status: 'APPLIED' },
    { status: 'APPLIED' },
  ]);

  const announced = second.announced();
  await first[Symbol.asyncDispose]();
  await eventually(() => expect(second.announced()).toBeGreaterThan(announced));
  expect(second.driver.obstacle?.()).toBeNull();
  expect(await second.enforce(limits(20_000))).toMatchObject([
    { status: 'APPLIED' },
    { status: 'APPLIED' },
  ]);
  expect(await held()).toEqual({ egressKbps: 20_000, ingressKbps: 20_000 });
});

it('The one that holds the switch holds it again when ovsdb-server was killed and started', async () => {
  await using test = startDriver(ovs);
  await test.enforce(limits(10_000));
  await ovs.killOvsdb();
  await eventually(() => expect(test.driver.obstacle?.()).toMatch(/^OVSDB cannot be reached: /));
  await ovs.startOvsdb();
  expect(await test.enforce(limits(30_000))).toMatchObject([
    { status: 'APPLIED' },
    { status: 'APPLIED' },
  ]);
  expect(test.driver.obstacle?.()).toBeNull();
});
