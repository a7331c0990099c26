import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AgentDocument,
  ApplyQosRulesDocument,
  BindPortDocument,
  UpdateAgentDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import type { Program } from '../support/program.ts';
import { type System, startSystem } from '../support/system.ts';

const host = 'host-c';
const portIds = Array.from({ length: 30 }, () => crypto.randomUUID());
let database: TestDatabase;
let system: System;
let agent: Program;

beforeAll(async () => {
  database = await createDatabase();
  system = await startSystem(database.url);
  agent = await system.startAgent({
    host,
    ovs: { ovsdb: 'unix:/nowhere', netns: '' },
    settings: { SLUICE_DRIVER: 'noop' },
  });
  for (const portId of portIds) {
    await system.request(BindPortDocument, { input: { portId, host, tenantId: 't' } });
  }
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await database?.dispose();
});

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
const warnings = () =>
  agent.log
    .split('\n')
    .filter((line) => line.includes('"removed"'))
    .map((line) => JSON.parse(line) as { removed: number; limits: number; msg: string });

test('A host that loses most of its limits at once asks again first; one that is put down does not', async () => {
  await apply(portIds);
  const known = await converged();
  const setAdminState = (adminStateUp: boolean) =>
    system.request(UpdateAgentDocument, { input: { id: known!.id, adminStateUp } });

  await setAdminState(false);
  await converged();
  await setAdminState(true);
  await converged();
  await apply(portIds.slice(15));
  await converged();
  await apply(portIds);
  await converged();
  expect(warnings()).toEqual([]);

  await apply([]);
  await converged();

  expect(warnings()).toMatchObject([
    { removed: 30, limits: 30, msg: expect.stringContaining('read anew') },
    { removed: 30, limits: 30, msg: expect.stringContaining('says so too') },
  ]);
});
