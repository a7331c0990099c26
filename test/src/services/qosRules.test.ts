import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, Refused } from '../../../src/domain/errors.ts';
import { bindPort, getPort } from '../../../src/services/ports.ts';
import { getQosRule } from '../../../src/services/qosRuleList.ts';
import { createQosRule, deleteQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
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

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It was accepted.');
    },
    (error: unknown) => (error as Refused).faults,
  );

describe('a rule', () => {
  test('registers its port, reaches each host that has it, and leaves with a tombstone-free feed row', async () => {
    const { services } = running;
    const port = portId();
    await bindPort(services, admin, { portId: port, host: 'rule-a' });
    await bindPort(services, admin, { portId: port, host: 'rule-b' });
    const before = await agentOf(services, 'rule-a').qos();

    const rule = await createQosRule(services, admin, {
      portId: port,
      tenantId: 't1',
      direction: 'EGRESS',
      maxKbps: 5_000,
    });

    expect(rule).toMatchObject({ tenantId: 't1', version: 1, maxKbps: 5_000, maxBurstKbps: null });
    expect(rule.createdAt).toBeInstanceOf(Date);
    expect(await getPort(services, member('t1'), port)).toMatchObject({ id: port, tenantId: 't1' });
    for (const host of ['rule-a', 'rule-b']) {
      const { ports } = await agentOf(services, host).qos();
      expect(ports).toEqual([
        {
          portId: port,
          egress: expect.objectContaining({ ruleId: rule.id, ruleVersion: 1 }),
          ingress: null,
        },
      ]);
    }
    const after = await agentOf(services, 'rule-a').qos();
    expect(after.to.revision).toBe(before.to.revision + 1n);

    await deleteQosRule(services, admin, { id: rule.id, expectedVersion: 1 });
    expect((await agentOf(services, 'rule-a').qos()).ports).toEqual([]);
    expect(await getQosRule(services, admin, rule.id)).toBeNull();
  });

  test('changes only what an update names, and its version with it', async () => {
    const { services } = running;
    const rule = await createQosRule(services, admin, {
      portId: portId(),
      tenantId: 't1',
      direction: 'EGRESS',
      maxKbps: 5_000,
      maxBurstKbps: 900,
      description: 'gold',
    });

    const updated = await updateQosRule(services, admin, {
      id: rule.id,
      maxKbps: 7_000,
      description: null,
    });
    expect(updated).toMatchObject({
      maxKbps: 7_000,
      maxBurstKbps: 900,
      description: null,
      version: 2,
    });
    expect(updated.updatedAt.getTime()).toBeGreaterThan(rule.createdAt.getTime());

    const same = await updateQosRule(services, admin, { id: rule.id, maxKbps: 7_000 });
    expect(same.version).toBe(2);
  });

  test('refuses a lost update, and keeps what the other wrote', async () => {
    const { services } = running;
    const rule = await createQosRule(services, admin, {
      portId: portId(),
      tenantId: 't1',
      direction: 'INGRESS',
      maxKbps: 1_000,
    });
    await updateQosRule(services, admin, { id: rule.id, expectedVersion: 1, maxKbps: 2_000 });

    const faults = await refusal(
      updateQosRule(services, admin, { id: rule.id, expectedVersion: 1, maxKbps: 3_000 }),
    );
    expect(faults).toEqual([
      expect.objectContaining({ code: 'CONFLICT', field: 'expectedVersion' }),
    ]);
    expect(await getQosRule(services, admin, rule.id)).toMatchObject({
      maxKbps: 2_000,
      version: 2,
    });
  });

  test('is one per port and direction', async () => {
    const { services } = running;
    const port = portId();
    const input = { portId: port, tenantId: 't1', direction: 'EGRESS', maxKbps: 1 } as const;
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => createQosRule(services, admin, input)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason.faults[0].code).toBe('CONFLICT');
    }
  });

  test('of another tenant is not there for a member, nor is an unregistered port', async () => {
    const { services } = running;
    const rule = await createQosRule(services, admin, {
      portId: portId(),
      tenantId: 't1',
      direction: 'EGRESS',
      maxKbps: 1_000,
    });
    const stranger = member('t2');
    const notFound = [expect.objectContaining({ code: 'NOT_FOUND' })];

    expect(await getQosRule(services, stranger, rule.id)).toBeNull();
    expect(await refusal(updateQosRule(services, stranger, { id: rule.id, maxKbps: 1 }))).toEqual(
      notFound,
    );
    expect(await refusal(deleteQosRule(services, stranger, { id: rule.id }))).toEqual(notFound);
    for (const port of [rule.portId, portId()]) {
      const creating = createQosRule(services, stranger, {
        portId: port,
        direction: 'INGRESS',
        maxKbps: 1,
      });
      expect(await refusal(creating)).toEqual([
        {
          code: 'NOT_FOUND',
          field: 'portId',
          message: `Tenant t2 has no port ${port}: an administrator gives it one, by the port's first rule or by binding it.`,
        },
      ]);
    }
    expect(await getQosRule(services, admin, rule.id)).toMatchObject({ version: 1 });
  });

  test('names every fault of its limits at once', async () => {
    const faults = await refusal(
      createQosRule(running.services, admin, {
        portId: portId(),
        tenantId: 't1',
        direction: 'INGRESS',
        maxKbps: 0,
        maxBurstKpps: 5,
        dscpMark: 7,
        description: '',
      }),
    );
    expect(faults.map(({ field }: Fault) => field).sort()).toEqual([
      'description',
      'dscpMark',
      'dscpMark',
      'maxBurstKpps',
      'maxKbps',
    ]);
  });
});
