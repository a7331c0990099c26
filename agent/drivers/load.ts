import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from '../../lib/errors.ts';
import type { CreateDriver, Driver, DriverOptions } from './driver.ts';

/** A wrong setting, as lib/config.ts has it. */
const exitCode = 2;

/** The drivers that come with the project; each is loaded only where it is chosen. */
const builtIn: Readonly<Record<string, () => Promise<unknown>>> = {
  noop: () => import('./noop.ts'),
  ovs: () => import('./ovs/index.ts'),
};

/** What a driver must have (driver.ts), by type. */
const members = {
  name: 'string',
  run: 'function',
  onChange: 'function',
  capabilities: 'function',
  observe: 'function',
  plan: 'function',
  apply: 'function',
  readBack: 'function',
} as const satisfies Record<Exclude<keyof Driver, 'obstacle' | 'expectChange' | 'usage'>, string>;

/** Makes the driver that SLUICE_DRIVER names: one that comes with the project, or a module by its path. */
export async function loadDriver(name: string, options: DriverOptions): Promise<Driver> {
  const createDriver = creatorIn(name, await importDriver(name));
  const driver: unknown = createDriver(options);
  requireShape(name, driver);
  return driver;
}

async function importDriver(name: string): Promise<unknown> {
  const load = builtIn[name];
  if (load) return load();
  try {
    return await import(pathToFileURL(resolve(name)).href);
  } catch (error) {
    const known = Object.keys(builtIn).join(', ');
    throw new UserError(
      `The driver ${name} is none of ${known}, and as a module's path it cannot be loaded: ${messageOf(error)}`,
      exitCode,
    );
  }
}

function creatorIn(name: string, module: unknown): CreateDriver {
  const createDriver = property(module, 'createDriver');
  if (typeof createDriver === 'function') return createDriver as CreateDriver;
  throw new UserError(`The driver ${name} exports no function createDriver(options).`, exitCode);
}

function requireShape(name: string, driver: unknown): asserts driver is Driver {
  const missing = Object.entries(members)
    .filter(([key, type]) => typeof property(driver, key) !== type)
    .map(([key]) => key);
  if (missing.length === 0) return;
  throw new UserError(
    `What createDriver of the driver ${name} returns is no driver: it lacks ${missing.join(', ')}.`,
    exitCode,
  );
}

function property(value: unknown, key: string): unknown {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[key];
}
