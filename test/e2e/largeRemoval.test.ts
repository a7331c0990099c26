import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AgentDocument,
  ApplyQosRulesDocument,
  UpdateAgentDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import { readSwitch } from '../support/readSwitch.ts';
import type { System } from '../support/system.ts';

const host = 'host-c';
const portIds = Array.from({ length: 30 }, () => crypto.randomUUID());
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let agent: Program;

beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  await ovs.vsctl(...portIds.flatMap(internalPort));
  agent = await system.startAgent({ host, ovs });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

function internalPort(portId: string, index: number): string[] {
  const name = `int${index}`;
  const columns = ['type=internal', `external_ids:iface-id=${portId}`];
  return ['--', 'add-port', 'br0', name, '--', 'set', 'Interface', name, ...columns];
}

const apply = (ports: readonly string[]) =>
  system.request(ApplyQosRulesDocument, {
    input: {
      tenantId: 't',
      prune: true,
      rules: ports.map((portId) => ({ portId, direction: 'EGRESS' as const, maxKbps: 1_000 })),
    },
  });
const converged = () =>
  eventually(
    async () => {
      const { agent: known } = await system.request(AgentDocument, { host });
      expect(known?.desired).toEqual(expect.any(String));
      expect(known?.confirmed).toBe(known?.desired);
      return known;
    },
    { timeoutMs: 15_000 },
  );
/** So many of the ports are limited, as the switch's own tools tell. */
const held = (count: number) =>
  eventually(
    async () => {
      const limited = [...(await readSwitch(ovs, 'br0')).values()];
      expect(limited.filter(({ egressKbps }) => egressKbps === 1_000)).toHaveLength(count);
    },
    { timeoutMs: 15_000 },
  );
const warnings = () =>
  agent.log
    .split('\n')
    .filter((line) => line.includes('"removed"'))
    .map((line) => JSON.parse(line) as { removed: number; limits: number; msg: string });

test('A host that is to lose most of its limits at once asks again first; one that is put down does not', async () => {
  await apply(portIds);
  await held(30);
  const known = await converged();
  const setAdminState = (adminStateUp: boolean) =>
    system.request(UpdateAgentDocument, { input: { id: known!.id, adminStateUp } });

  await setAdminState(false);
  await converged();
  await setAdminState(true);
  await converged();
  await apply(portIds.slice(15));
  await held(15);
  await apply(portIds);
  await held(30);
  expect(warnings()).toEqual([]);

  await apply([]);
  await held(0);

  expect(warnings()).toMatchObject([
    { removed: 30, limits: 30, msg: expect.stringContaining('read anew') },
    { removed: 30, limits: 30, msg: expect.stringContaining('says so too') },
  ]);
});
