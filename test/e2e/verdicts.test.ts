import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  AgentDocument,
  ApplyQosRulesDocument,
  CreateQosRuleDocument,
  type CreateQosRuleInput,
  QosRuleDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { System } from '../support/system.ts';

const host = 'host-v';
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let guest: Guest;

/** A host that is told to police, by a switch that cannot: a userspace bridge, on a kernel that has no tc police. */
beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  await system.startAgent({
    host,
    ovs,
    settings: { SLUICE_EGRESS_MECHANISM: 'ingress_policing' },
  });
});
afterAll(() => lab?.[Symbol.asyncDispose]());
afterEach(() =>
  system.request(ApplyQosRulesDocument, { input: { tenantId: 't', rules: [], prune: true } }),
);

/** What the rule's binding says once its host has settled, and all that it said on the way. */
async function verdict(limits: Omit<CreateQosRuleInput, 'tenantId' | 'portId'>) {
  const input = { tenantId: 't', portId: guest.portId, ...limits };
  const { createQosRule } = await system.request(CreateQosRuleDocument, { input });
  const said = new Set<string>();
  const read = async () => {
    const { qosRule } = await system.request(QosRuleDocument, { id: createQosRule.qosRule.id });
    const [binding] = qosRule?.bindings ?? [];
    if (binding) said.add(binding.status);
    if (!binding || binding.status === 'PENDING') throw new Error('No verdict yet.');
    return binding;
  };
  await eventually(read, { timeoutMs: 10_000, intervalMs: 10 });
  await converged();
  const binding = await read();
  said.delete('PENDING');
  return { binding, said: [...said] };
}

const converged = () =>
  eventually(
    async () => {
      const { agent } = await system.request(AgentDocument, { host });
      expect(agent?.confirmed).toBe(agent?.desired);
    },
    { timeoutMs: 10_000 },
  );

test('The host says what it can do, and by what', async () => {
  await eventually(
    async () => {
      const { agent } = await system.request(AgentDocument, { host });
      expect(agent?.configurations).toMatchObject({
        capabilities: {
          ovsVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          tcHtb: true,
          datapathTypes: { br0: 'netdev' },
          meters: { br0: { max: 262_144, bands: 8 } },
          mechanisms: { br0: { EGRESS: null, INGRESS: 'linux_htb' } },
        },
      });
    },
    { timeoutMs: 15_000 },
  );
});

const refused: [why: string, limits: Parameters<typeof verdict>[0], message: RegExp][] = [
  [
    'policing where it limits nothing',
    { direction: 'EGRESS', maxKbps: 10_000 },
    /Ingress policing limits nothing on bridge br0, whose datapath is netdev\./,
  ],
  [
    'a guarantee on the userspace datapath',
    { direction: 'EGRESS', minKbps: 10_000 },
    /minKbps is not enforced: bridge br0 is of the userspace datapath/,
  ],
  [
    'a guarantee of what reaches a port',
    { direction: 'INGRESS', minKbps: 10_000 },
    /minKbps is not enforced on INGRESS/,
  ],
  [
    'packets a second of what reaches a port',
    { direction: 'INGRESS', maxKpps: 5 },
    /maxKpps is not enforced: a queue does not count packets\./,
  ],
];

test.each(refused)('FAILED, never APPLIED: %s', async (_why, limits, message) => {
  const { binding, said } = await verdict(limits);
  expect(binding).toMatchObject({ status: 'FAILED', message: expect.stringMatching(message) });
  expect(binding.programmed).toBeNull();
  expect(said).toEqual(['FAILED']);
  expect(await ovs.vsctl('get', 'Interface', guest.interfaceName, 'ingress_policing_rate')).toBe(
    '0\n',
  );
});

test('DEGRADED where a part can be had, and where another value holds than was asked for', async () => {
  const part = await verdict({ direction: 'EGRESS', maxKbps: 10_000, dscpMark: 46 });
  expect(part.binding).toMatchObject({
    status: 'DEGRADED',
    message: expect.stringMatching(/limits nothing on bridge br0/),
    programmed: { mechanism: 'openflow_dscp', maxKbps: null, dscpMark: 46 },
  });
  const slow = await verdict({ direction: 'INGRESS', maxKbps: 1 });
  expect(slow.binding).toMatchObject({
    status: 'DEGRADED',
    message: expect.stringMatching(/^1 kbit\/s was asked for; .* holds 12 at least\.$/),
    programmed: { mechanism: 'linux_htb', maxKbps: 12 },
  });
  expect([part.said, slow.said]).toEqual([['DEGRADED'], ['DEGRADED']]);
});
