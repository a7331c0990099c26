import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runPrepared } from '../../../src/db/prepared.ts';
import { isCheckViolation } from '../../../src/db/sqlState.ts';
import {
  directions,
  dscpMarks,
  type Limits,
  limitFaults,
  limitRanges,
} from '../../../src/domain/ranges.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import { admin, portId, startServices } from '../../support/services.ts';

const insert = {
  name: 'test insert rule',
  text: `with port as (insert into ports (id) values ($1) returning id)
    insert into qos_rules (id, tenant_id, port_id, direction, max_kbps, max_burst_kbps, max_kpps,
      max_burst_kpps, min_kbps, dscp_mark) select $2, 't', $1, $3, $4, $5, $6, $7, $8, $9 from port`,
};

/** Mostly at the edges of the range, and often absent, so that what belongs together meets. */
const limit = (maximum: number) =>
  fc.option(
    fc.oneof(fc.constantFrom(-1, 0, 1, 2, maximum), fc.integer({ min: -1, max: maximum })),
    {
      freq: 2,
    },
  );
const anyLimits: fc.Arbitrary<Limits> = fc.record({
  maxKbps: limit(limitRanges.maxKbps.maximum),
  maxBurstKbps: limit(limitRanges.maxBurstKbps.maximum),
  maxKpps: limit(limitRanges.maxKpps.maximum + 1),
  maxBurstKpps: limit(limitRanges.maxBurstKpps.maximum + 1),
  minKbps: limit(limitRanges.minKbps.maximum),
  dscpMark: fc.option(fc.oneof(fc.constantFrom(...dscpMarks), fc.integer({ min: -1, max: 64 }))),
});

test("the tables' CHECKs refuse exactly what the domain refuses", async () => {
  await using running = await startServices();
  const em = running.services.emFor(admin);
  const isTaken = async ({ maxKbps, ...rest }: Limits, direction: string) => {
    const limits = [maxKbps, rest.maxBurstKbps, rest.maxKpps, rest.maxBurstKpps, rest.minKbps];
    const values = [portId(), portId(), direction, ...limits, rest.dscpMark];
    try {
      await runPrepared(em, insert, values);
      return true;
    } catch (error) {
      if (isCheckViolation(error)) return false;
      throw error;
    }
  };
  await fc.assert(
    fc.asyncProperty(anyLimits, fc.constantFrom(...directions), async (limits, direction) => {
      expect(await isTaken(limits, direction)).toBe(limitFaults(limits, direction).length === 0);
    }),
    { numRuns: 150 },
  );
});

test('a patch that the rule cannot take names every fault of the whole, and leaves the rule', async () => {
  await using running = await startServices();
  const { services } = running;
  const rule = await createQosRule(services, admin, {
    portId: portId(),
    tenantId: 't',
    direction: 'INGRESS',
    maxKbps: 1_000,
    maxBurstKbps: 500,
  });
  const patch = (input: object) => updateQosRule(services, admin, { id: rule.id, ...input });
  const fields = (input: object) =>
    patch(input).then(
      () => [],
      (error) => error.faults.map(({ field }: { field: string }) => field),
    );

  expect(await fields({ maxKbps: null })).toEqual(['maxBurstKbps']);
  expect(await fields({ maxKbps: null, maxBurstKbps: null })).toEqual(['maxKbps']);
  expect(await fields({ minKbps: 2_000, dscpMark: 10 })).toEqual(['dscpMark', 'minKbps']);
  expect(await fields({ maxKbps: 0, dscpMark: 10 })).toEqual(['maxKbps', 'dscpMark']);
  expect(await fields({ expectedVersion: 7, maxKbps: 0 })).toEqual(['expectedVersion']);
  expect(await patch({})).toEqual(rule);
});
