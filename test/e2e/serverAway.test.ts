import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CreateQosRuleDocument,
  QosRuleDocument,
  QosRulesDocument,
  UpdateQosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { readSwitch } from '../support/readSwitch.ts';
import type { System } from '../support/system.ts';

const host = 'host-b';
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let proxy: TcpProxy;
let agent: Program;
let guest: Guest;

const startAgent = () => system.startAgent({ host, ovs, port: proxy.port });
const enforced = async () => (await readSwitch(ovs, 'br0')).get(guest.portId);
const applied = (id: string) =>
  eventually(
    async () => {
      const { qosRule } = await system.request(QosRuleDocument, { id });
      expect(qosRule?.bindings).toEqual([expect.objectContaining({ host, status: 'APPLIED' })]);
    },
    { timeoutMs: 15_000 },
  );

beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  proxy = await startProxy(system.port);
  agent = await startAgent();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
});

test('with the server away limits stay, and what changed meanwhile arrives as one step', async () => {
  const rule = async (direction: 'EGRESS' | 'INGRESS', maxKbps: number) =>
    (
      await system.request(CreateQosRuleDocument, {
        input: { tenantId: 't', portId: guest.portId, direction, maxKbps },
      })
    ).createQosRule.qosRule;
  const egress = await rule('EGRESS', 10_000);
  const ingress = await rule('INGRESS', 10_000);
  await applied(egress.id);
  await applied(ingress.id);
  const both = { egressKbps: 10_000, ingressKbps: 10_000 };
  expect(await enforced()).toEqual(both);

  // Away for the agent: limits stay, also when the agent is killed and starts without its server.
  proxy.close();
  for (const maxKbps of [11_000, 12_000, 13_000]) {
    await system.request(UpdateQosRuleDocument, { input: { id: egress.id, maxKbps } });
  }
  await agent.kill();
  expect(await enforced()).toEqual(both);

  // Started without it, the agent enforces the last it knew: also what is taken away behind its back.
  await ovs.vsctl('clear', 'Port', guest.interfaceName, 'qos');
  expect(await enforced()).toEqual({ egressKbps: 10_000, ingressKbps: null });
  agent = await startAgent();
  await eventually(async () => expect(await enforced()).toEqual(both), { timeoutMs: 10_000 });

  // A guest that restarts meanwhile is limited again.
  await ovs.unplug(guest);
  await ovs.plug(guest);
  await eventually(async () => expect(await enforced()).toEqual(both), { timeoutMs: 10_000 });

  proxy.open();
  await applied(egress.id);
  expect(await enforced()).toEqual({ egressKbps: 13_000, ingressKbps: 10_000 });
});

test('a server that is killed and comes back finds everything as it was', async () => {
  await system.server.kill();
  await system.startServer();
  const { qosRules } = await system.request(QosRulesDocument, {});
  const [first] = qosRules.nodes;
  await system.request(UpdateQosRuleDocument, { input: { id: first!.id, maxKbps: 7_000 } });
  await applied(first!.id);
});
