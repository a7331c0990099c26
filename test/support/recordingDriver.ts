import { appendFileSync } from 'node:fs';
import type { CreateDriver } from '../../agent/drivers/driver.ts';
import { createDriver as createOvsDriver } from '../../agent/drivers/ovs/index.ts';

/**
 * The ovs driver, by its module's path, that also writes down which version of each rule it was asked
 * to enforce, in order: what a test reads to see that no step was applied out of order.
 */
export const createDriver: CreateDriver = (options) => {
  const driver = createOvsDriver(options);
  const file = process.env.RECORD_FILE ?? '/dev/null';
  const plan = driver.plan.bind(driver);
  driver.plan = (desired, observed) => {
    const versions = [...desired.values()].flatMap(({ egress, ingress }) =>
      [egress, ingress].flatMap((limit) => (limit ? [[limit.ruleId, limit.ruleVersion]] : [])),
    );
    appendFileSync(file, `${JSON.stringify(versions)}\n`);
    return plan(desired, observed);
  };
  return driver;
};
