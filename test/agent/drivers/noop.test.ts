import { expect, test } from 'vitest';
import { NoopDriver } from '../../../agent/drivers/noop.ts';
import { limitOf } from '../../support/limits.ts';

const limit = limitOf({ ruleId: 'rule', maxKbps: 1000, ruleVersion: 4 });

test('The noop driver counts every desired port as plugged and every limit as applied, and says that nothing is', async () => {
  const driver = new NoopDriver();
  const desired = new Map([['a', { portId: 'a', egress: limit, ingress: null }]]);

  await driver.apply(driver.plan(desired, await driver.observe()));

  const observed = await driver.observe();
  const plan = driver.plan(desired, observed);
  expect(observed.ports.map(({ portId }) => portId)).toEqual(['a']);
  expect(plan.changes).toEqual([]);
  expect(await driver.readBack(plan)).toEqual([
    {
      portId: 'a',
      direction: 'EGRESS',
      ruleId: 'rule',
      ruleVersion: 4,
      status: 'APPLIED',
      message: 'The noop driver enforces nothing: it only says that it did.',
      programmed: { mechanism: 'noop' },
    },
  ]);
  expect(driver.plan(new Map(), observed).changes).toHaveLength(1);
});
