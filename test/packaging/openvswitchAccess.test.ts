import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';
import { eventually } from '../support/eventually.ts';
import { limitOf } from '../support/limits.ts';
import { type Guest, startSwitch, type TestSwitch } from '../support/ovs.ts';
import { readSwitch } from '../support/readSwitch.ts';
import { AgentUser, agentId } from './agentUser.ts';

const grantAccess = new URL('../../packaging/openvswitch/grant-access', import.meta.url).pathname;
let ovs: TestSwitch;
let guest: Guest;
let agent: AgentUser;

beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  agent = new AgentUser(ovs);
  const both = limitOf({ maxKbps: 10_000 });
  const qos = { portId: guest.portId, egress: both, ingress: both };
  await agent.knows({ cursor: 'c', adminStateUp: true, ports: new Map([[guest.portId, qos]]) });
});
afterEach(async () => {
  await agent?.stop();
  await ovs?.stop();
});

function grant(): Promise<string> {
  return run(grantAccess, [String(agentId), ovs.dir]);
}

/** Each direction as `sluice-agent status` says it, with the agent's rights. */
async function stands(): Promise<Record<string, string>> {
  const { limits } = await agent.status();
  return Object.fromEntries(limits.map(({ direction, status }) => [direction, status]));
}

const held = { egressKbps: 10_000, ingressKbps: 10_000 };
const isHeld = async () => expect((await readSwitch(ovs, 'br0')).get(guest.portId)).toEqual(held);

test('An agent without privileges enforces with what it is granted at each start of the switch, and nothing else', async () => {
  agent.start();
  const { switch: refused } = await agent.status();
  expect(refused.fault).toMatch(/db\.sock: user 54321, .* may not open it/);

  await grant();
  await eventually(isHeld, { timeoutMs: 20_000 });
  // Read back from the meter, and from the kernel's queue by a tc without capabilities.
  expect(await stands()).toEqual({ EGRESS: 'APPLIED', INGRESS: 'APPLIED' });
  await expect(agent.run('ovs-appctl', '-t', await controlSocket(), 'exit')).rejects.toThrow(
    'Permission denied',
  );

  await ovs.killVswitchd();
  await ovs.startVswitchd();
  const { limits } = await agent.status();
  expect(limits).toMatchObject([
    {
      direction: 'EGRESS',
      status: 'FAILED',
      message: expect.stringMatching(/br0\.mgmt: user 54321, .* may not open it/),
    },
    { direction: 'INGRESS', status: 'APPLIED' },
  ]);

  await grant();
  await eventually(isHeld, { timeoutMs: 20_000 });
  expect(await stands()).toEqual({ EGRESS: 'APPLIED', INGRESS: 'APPLIED' });
});

test('What is granted already is not touched again: a change would call for the next grant', async () => {
  const changedAt = () =>
    run('stat', ['--format=%Z %G %n', `${ovs.dir}/db.sock`, ovs.openflow('br0')]);
  await grant();
  const before = await changedAt();
  await grant();
  expect(await changedAt()).toBe(before);
});

async function controlSocket(): Promise<string> {
  const sockets = await run('find', [ovs.dir, '-name', 'ovs-vswitchd.*.ctl']);
  return sockets.trim();
}
