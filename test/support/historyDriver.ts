import { appendFileSync } from 'node:fs';
import type { CreateDriver } from '../../agent/drivers/driver.ts';
import { createDriver as createNoopDriver } from '../../agent/drivers/noop.ts';
import { limitsOf, nowMs } from '../histories/recording.ts';

/** The noop driver, by its module's path, that also writes down all that it was asked to enforce, and when. */
export const createDriver: CreateDriver = () => {
  const driver = createNoopDriver();
  const file = process.env.RECORD_FILE ?? '/dev/null';
  const plan = driver.plan.bind(driver);
  driver.plan = (desired, observed) => {
    appendFileSync(file, `${JSON.stringify({ atMs: nowMs(), limits: limitsOf(desired) })}\n`);
    return plan(desired, observed);
  };
  return driver;
};
