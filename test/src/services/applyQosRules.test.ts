import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/domain/errors.ts';
import { applyQosRules } from '../../../src/services/applyQosRules.ts';
import { listQosRules } from '../../../src/services/qosRuleList.ts';
import { createQosRule } from '../../../src/services/qosRules.ts';
import {
  admin,
  agentOf,
  member,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

const plain = { prune: false, dryRun: false };
const egress = (port: string, maxKbps: number) => ({
  portId: port,
  direction: 'EGRESS' as const,
  maxKbps,
});
const rulesOf = async (tenantId: string) =>
  (
    await listQosRules(running.services, admin, { tenantId: [tenantId] }, [], {
      first: 500,
      includeCount: true,
    })
  ).items;
const faultsOf = (promise: Promise<unknown>): Promise<readonly Fault[]> =>
  promise.then(
    () => [],
    (error) => error.faults,
  );

describe('applying a list of rules', () => {
  test('creates, updates in place, leaves alone and prunes, and answers in the order of the list', async () => {
    const { services } = running;
    const [a, b, c, d] = [portId(), portId(), portId(), portId()];
    const agent = agentOf(services, 'apply');
    await agent.plug(a, b, c, d);
    const first = await applyQosRules(services, admin, {
      ...plain,
      tenantId: 'ap',
      rules: [egress(a, 1), egress(b, 2), egress(c, 3)],
    });
    expect(first).toMatchObject({ created: 3, updated: 0, unchanged: 0, deleted: 0 });
    const head = (await agent.qos()).to.revision;

    const list = [egress(d, 4), egress(b, 20), egress(a, 1)];
    const dry = await applyQosRules(services, admin, {
      rules: list,
      tenantId: 'ap',
      prune: true,
      dryRun: true,
    });
    expect(dry).toMatchObject({ created: 1, updated: 1, unchanged: 1, deleted: 1 });
    expect(await rulesOf('ap')).toHaveLength(3);
    expect((await agent.qos()).to.revision).toBe(head);

    const applied = await applyQosRules(services, admin, {
      rules: list,
      tenantId: 'ap',
      prune: true,
      dryRun: false,
    });
    expect(applied).toMatchObject({ created: 1, updated: 1, unchanged: 1, deleted: 1 });
    expect(applied.qosRules.map((rule) => [rule.portId, rule.maxKbps, rule.version])).toEqual([
      [d, 4, 1],
      [b, 20, 2],
      [a, 1, 1],
    ]);
    expect(applied.qosRules[1]?.id).toBe(first.qosRules[1]?.id);
    expect((await agent.qos()).to.revision).toBe(head + 1n);
    expect((await agent.qos()).ports.map((port) => port.portId)).toEqual([a, b, d].sort());
  });

  test('is all or nothing, and names every fault with its place in the list', async () => {
    const port = portId();
    const faults = await faultsOf(
      applyQosRules(running.services, admin, {
        ...plain,
        tenantId: 'none',
        rules: [
          egress(portId(), 1),
          egress(port, 0),
          egress(port, 5),
          { ...egress(portId(), 5), tenantId: 'other' },
          { portId: portId(), direction: 'INGRESS', dscpMark: 46 },
        ],
      }),
    );
    expect(faults.map(({ field }) => field)).toEqual([
      'rules[1].maxKbps',
      'rules[2].portId',
      'rules[3].tenantId',
      'rules[4].dscpMark',
    ]);
    expect(await rulesOf('none')).toEqual([]);
  });

  test('prunes within the named networks only', async () => {
    const { services } = running;
    const [n1, n2] = [portId(), portId()];
    const [a, b, c] = [portId(), portId(), portId()];
    await applyQosRules(services, admin, {
      ...plain,
      tenantId: 'nets',
      rules: [{ ...egress(a, 1), networkId: n1 }, { ...egress(b, 1), networkId: n2 }, egress(c, 1)],
    });
    const applied = await applyQosRules(services, admin, {
      rules: [],
      tenantId: 'nets',
      prune: true,
      pruneNetworkIds: [n1],
      dryRun: false,
    });
    expect(applied.deleted).toBe(1);
    expect((await rulesOf('nets')).map((rule) => rule.portId).sort()).toEqual([b, c].sort());
  });

  test('needs an administrator to name the tenant it prunes, and a network where it names networks', async () => {
    const apply = (input: object) =>
      faultsOf(
        applyQosRules(running.services, admin, { rules: [], dryRun: false, prune: true, ...input }),
      );
    expect(await apply({})).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'tenantId' }),
    ]);
    expect(await apply({ tenantId: 't', pruneNetworkIds: [] })).toEqual([
      expect.objectContaining({ field: 'pruneNetworkIds' }),
    ]);
  });

  test('by a member stays within its tenant', async () => {
    const { services } = running;
    const [mine, foreign] = [portId(), portId()];
    await createQosRule(services, admin, { ...egress(mine, 1), tenantId: 'me' });
    await createQosRule(services, admin, { ...egress(foreign, 1), tenantId: 'them' });
    const applied = await applyQosRules(services, member('me'), {
      rules: [{ portId: mine, direction: 'INGRESS', maxKbps: 3 }],
      prune: true,
      dryRun: false,
    });
    expect(applied).toMatchObject({ created: 1, deleted: 1 });
    expect(await rulesOf('them')).toHaveLength(1);
    const faults = await faultsOf(
      applyQosRules(services, member('me'), { ...plain, rules: [egress(foreign, 9)] }),
    );
    expect(faults).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', field: 'rules[0].portId' }),
    ]);
    const claimed = await faultsOf(
      applyQosRules(services, member('me'), {
        rules: [],
        tenantId: 'them',
        prune: true,
        dryRun: false,
      }),
    );
    expect(claimed).toEqual([expect.objectContaining({ code: 'FORBIDDEN', field: 'tenantId' })]);
    expect(await rulesOf('them')).toHaveLength(1);
  });

  test('takes 10,000 rules, and not one more', async () => {
    const { services } = running;
    const rules = Array.from({ length: 10_000 }, (_, n) => egress(portId(), n + 1));
    const started = performance.now();
    const applied = await applyQosRules(services, admin, { ...plain, tenantId: 'many', rules });
    expect(applied.created).toBe(10_000);
    console.info(`10,000 rules applied in ${Math.round(performance.now() - started)} ms`);
    const faults = await faultsOf(
      applyQosRules(services, admin, {
        ...plain,
        tenantId: 'many',
        rules: [...rules, egress(portId(), 1)],
      }),
    );
    expect(faults).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'rules' })]);
  });
});
