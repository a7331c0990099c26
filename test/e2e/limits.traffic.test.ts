import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  AgentDocument,
  ApplyQosRulesDocument,
  BindPortDocument,
  CreateQosRuleDocument,
  type CreateQosRuleInput,
  DeleteQosRuleDocument,
  QosRuleDocument,
  UpdateAgentDocument,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import { leftovers, nothingLeft, readSwitch } from '../support/readSwitch.ts';
import type { System } from '../support/system.ts';
import { measureUdp, peakMbps, sampleThroughput } from '../support/traffic.ts';

const host = 'host-a';
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let guest: Guest;
let peer: Guest;

beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  peer = await ovs.addPort({ bridge: 'br0' });
  await system.startAgent({ host, ovs });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** Each test ends with its rules deleted, and nothing of them left in the switch. */
afterEach(async () => {
  await system.request(ApplyQosRulesDocument, { input: { tenantId: 't', rules: [], prune: true } });
  await eventually(async () => expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft));
});

const create = async (input: Omit<CreateQosRuleInput, 'tenantId'>) =>
  (await system.request(CreateQosRuleDocument, { input: { tenantId: 't', ...input } }))
    .createQosRule.qosRule;
const bindingsOf = async (id: string) =>
  (await system.request(QosRuleDocument, { id })).qosRule?.bindings ?? [];
const settled = (id: string, status = 'APPLIED') =>
  eventually(
    async () => {
      const [binding] = await bindingsOf(id);
      expect(binding).toMatchObject({ host, status });
      return binding;
    },
    { timeoutMs: 10_000 },
  );

describe('a rule', () => {
  test('holds EGRESS by a meter and INGRESS by a queue, says what was programmed, and leaves nothing behind', async () => {
    const egress = await create({ portId: guest.portId, direction: 'EGRESS', maxKbps: 20_000 });
    const ingress = await create({ portId: guest.portId, direction: 'INGRESS', maxKbps: 10_000 });
    expect(await settled(egress.id)).toMatchObject({
      programmed: { mechanism: 'openflow_meter', maxKbps: 20_000 },
      stale: false,
    });
    expect(await settled(ingress.id)).toMatchObject({
      programmed: { mechanism: 'linux_htb', maxKbps: 10_000 },
    });

    const sent = await measureUdp({ from: guest, to: peer, offeredMbps: 60 });
    expect(sent).toBeGreaterThan(18);
    expect(sent).toBeLessThan(22);
    const received = await measureUdp({ from: peer, to: guest, offeredMbps: 60 });
    expect(received).toBeGreaterThan(9);
    expect(received).toBeLessThan(11);

    for (const { id } of [egress, ingress]) {
      await system.request(DeleteQosRuleDocument, { input: { id } });
    }
    await eventually(async () => expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft));
  });

  test.each(['EGRESS', 'INGRESS'] as const)(
    'changes %s in place: at no moment is there no limit',
    async (direction) => {
      const rule = await create({
        portId: guest.portId,
        direction,
        maxKbps: 10_000,
        maxBurstKbps: 200,
      });
      await settled(rule.id);
      const [from, to] = direction === 'EGRESS' ? [guest, peer] : [peer, guest];
      const samples = await sampleThroughput({
        from,
        to,
        offeredMbps: 80,
        seconds: 5,
        during: async () => {
          for (let change = 1; change <= 10; change += 1) {
            const maxKbps = change % 2 === 0 ? 10_000 : 12_000;
            await system.request(UpdateQosRuleDocument, { input: { id: rule.id, maxKbps } });
            await settled(rule.id);
          }
        },
      });
      // Away for 100 ms, the limit would let 8 Mbit more through: over 30 Mbit/s in that span. In force
      // it lets 12 Mbit/s through, and its burst of 0.2 Mbit again after each change.
      expect(peakMbps(samples.slice(5), 300)).toBeLessThan(20);
      const [binding] = await bindingsOf(rule.id);
      expect(binding).toMatchObject({ programmed: { maxKbps: 10_000, maxBurstKbps: 200 } });
    },
  );

  test('waits for its port, and is applied when it is plugged, without another call', async () => {
    const portId = crypto.randomUUID();
    await system.request(BindPortDocument, { input: { portId, host, tenantId: 't' } });
    const rule = await create({ portId, direction: 'EGRESS', maxKbps: 5_000 });
    await settled(rule.id, 'WAITING_FOR_PORT');

    const late = await ovs.addPort({ bridge: 'br0', portId });
    await settled(rule.id);
    expect((await readSwitch(ovs, 'br0')).get(portId)?.egressKbps).toBe(5_000);
    await ovs.unplug(late);
    await settled(rule.id, 'WAITING_FOR_PORT');
    await ovs.plug(late);
    await settled(rule.id);
  });

  test('on no host has no bindings; plugged anywhere, it is bound there and applied', async () => {
    const portId = crypto.randomUUID();
    const rule = await create({ portId, direction: 'INGRESS', maxKbps: 5_000 });
    expect(await bindingsOf(rule.id)).toEqual([]);
    await ovs.addPort({ bridge: 'br0', portId });
    await settled(rule.id);
  });

  test('is lifted while the agent is administratively down, and back when it is up', async () => {
    const rule = await create({ portId: guest.portId, direction: 'EGRESS', maxKbps: 20_000 });
    await settled(rule.id);
    const { agent } = await system.request(AgentDocument, { host });
    const setAdminState = (adminStateUp: boolean) =>
      system.request(UpdateAgentDocument, { input: { id: agent!.id, adminStateUp } });

    await setAdminState(false);
    await settled(rule.id, 'DISABLED');
    expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft);
    await setAdminState(true);
    await settled(rule.id);
    expect((await readSwitch(ovs, 'br0')).get(guest.portId)?.egressKbps).toBe(20_000);
  });

  test('brings its agent to converge: confirmed is where desired is', async () => {
    await eventually(async () => {
      const { agent } = await system.request(AgentDocument, { host });
      expect(agent).toMatchObject({ alive: true, connected: true, adminStateUp: true });
      expect(agent?.confirmed).toBe(agent?.desired);
      expect(agent?.configurations).toMatchObject({
        driver: 'ovs',
        ovsVersion: expect.any(String),
      });
    });
  });
});
