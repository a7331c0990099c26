import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindPort, unbindPort } from '../../../src/services/ports.ts';
import { createQosRule, deleteQosRule } from '../../../src/services/qosRules.ts';
import { removalFaultsOf } from '../../../src/services/removalFaults.ts';
import {
  admin,
  agentOf,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

const host = 'stuck';
const faultOf = async (port: string) =>
  (await removalFaultsOf(running.services, admin, [{ portId: port, host }]))[0];
const create = (port: string) =>
  createQosRule(running.services, admin, {
    ...{ portId: port, tenantId: 't', direction: 'EGRESS', maxKbps: 1_000 },
  });
const removal = (port: string, status: 'APPLIED' | 'FAILED', message: string | null = null) =>
  ({ portId: port, direction: 'EGRESS', ruleId: null, status, message }) as const;

async function removedRule() {
  const port = portId();
  const agent = agentOf(running.services, host);
  await agent.heartbeat();
  await agent.plug(port);
  const { id } = await create(port);
  await deleteQosRule(running.services, admin, { id });
  return { port, agent };
}

test('A removal that failed is known by its newest reason until it is done', async () => {
  const { port, agent } = await removedRule();
  expect(await faultOf(port)).toBeNull();
  await agent.report([removal(port, 'FAILED', 'Meter 7 stays.')]);
  await agent.report([removal(port, 'FAILED', 'Meter 8 \u0000 stays.')]);
  expect(await faultOf(port)).toBe('EGRESS is still limited: Meter 8 \uFFFD stays.');
  await agent.report([removal(port, 'APPLIED')]);
  expect(await faultOf(port)).toBeNull();
});

test('A rule that asks for the direction again makes it no leftover; an unbound port keeps it', async () => {
  const { port, agent } = await removedRule();
  await agent.report([removal(port, 'FAILED', 'It stays.')]);
  await create(port);
  expect(await faultOf(port)).toBeNull();
  await bindPort(running.services, admin, { portId: port, host });
  await agent.unplug(port);
  await unbindPort(running.services, admin, { portId: port, host });
  await agent.report([removal(port, 'FAILED', 'It stays.')]);
  expect(await faultOf(port)).toBe('EGRESS is still limited: It stays.');
});

test('An agent that starts anew says again what is left, and only that counts', async () => {
  const { port: gone, agent } = await removedRule();
  const { port: left } = await removedRule();
  const faults = [gone, left].map((port) => removal(port, 'FAILED', 'It stays.'));
  await agent.report(faults);
  await agent.report([removal(left, 'FAILED', 'It stays.')], { starts: true });
  expect([await faultOf(gone), await faultOf(left)]).toEqual([
    null,
    'EGRESS is still limited: It stays.',
  ]);
});
