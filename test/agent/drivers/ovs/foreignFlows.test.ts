import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { desire, resultFor, startDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;

beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
});
afterEach(() => ovs?.stop());

const egress = () => desire({ [guest.portId]: { EGRESS: { maxKbps: 10_000 } } });
const flows = () => ovs.ofctl('dump-flows', '--no-stats', 'br0');

/** The match by which Sluice limits the port, in ovs-ofctl(8)'s words. */
async function matchOfSluice(): Promise<string> {
  await using sluice = startDriver(ovs);
  await sluice.enforce(egress());
  const [, match = ''] = /cookie=0x736c7569\S*, +(priority=\S+) actions=/.exec(await flows()) ?? [];
  await sluice.enforce(desire({}));
  expect(match).toMatch(/^priority=65000,.*in_port=/);
  return match;
}

test('Somebody else’s flow with the very match of a limit is named and left as it is; once it goes, the limit holds', async () => {
  const match = await matchOfSluice();
  const foreign = `cookie=0x4711, ${match} actions=NORMAL`;
  await ovs.ofctl('add-flow', 'br0', `cookie=0x4711,${match},actions=NORMAL`);
  await using sluice = startDriver(ovs);

  const results = await sluice.enforce(egress());

  expect(resultFor(results, guest.portId, 'EGRESS')).toMatchObject({
    status: 'FAILED',
    message: expect.stringMatching(
      /not Sluice's \(cookie 0x4711, table 0, priority 65000.*left as it is/,
    ),
  });
  expect(await flows()).toContain(foreign);

  const announced = sluice.announced();
  await ovs.ofctl('del-flows', 'br0', 'cookie=0x4711/-1');
  await eventually(() => expect(sluice.announced()).toBeGreaterThan(announced), {
    timeoutMs: 2_000,
  });
  expect(resultFor(await sluice.enforce(egress()), guest.portId, 'EGRESS')?.status).toBe('APPLIED');
});

test('One that came since the last look is not replaced either', async () => {
  const match = await matchOfSluice();
  await using sluice = startDriver(ovs);
  await sluice.enforce(desire({}));
  await ovs.ofctl('add-flow', 'br0', `cookie=0x4711,${match},actions=NORMAL`);

  const results = await sluice.enforce(egress());

  expect(resultFor(results, guest.portId, 'EGRESS')?.status).toBe('FAILED');
  expect(await flows()).toContain('cookie=0x4711');
});
