import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDriver } from '../../../agent/drivers/load.ts';
import { silent } from '../../support/agentConnection.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-driver-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = {
  ovsdb: 'unix:/nowhere',
  ovsNetns: null,
  bridges: null,
  portKey: 'iface-id',
  egressMechanism: 'auto',
  physicalPorts: null,
  changes: false,
  patienceMs: 1_000,
  log: silent,
} as const;

async function moduleOf(code: string): Promise<string> {
  const path = join(folder, 'driver.mjs');
  await writeFile(path, code);
  return path;
}

test('A driver is loaded by name, or from a module by its path, relative to the working directory too', async () => {
  const path = await moduleOf(`
    export const createDriver = ({ ovsdb }) => ({
      name: 'mine at ' + ovsdb, run() {}, onChange() {}, capabilities() {},
      observe() {}, plan() {}, apply() {}, readBack() {},
    });`);

  expect((await loadDriver('noop', options)).name).toBe('noop');
  expect((await loadDriver(path, options)).name).toBe('mine at unix:/nowhere');
  expect((await loadDriver(relative(process.cwd(), path), options)).name).toContain('mine');
});

test('A driver that is not there is refused, with what there is', async () => {
  await expect(loadDriver('ovss', options)).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 2,
    message: expect.stringContaining('The driver ovss is none of noop, ovs, and as a module'),
  });
});

test('A module without createDriver is refused', async () => {
  const path = await moduleOf('export default {};');

  await expect(loadDriver(path, options)).rejects.toThrow(
    `The driver ${path} exports no function createDriver(options).`,
  );
});

test('A driver that lacks something is refused, with all that it lacks', async () => {
  const path = await moduleOf('export const createDriver = () => ({ name: 7, run() {} });');

  await expect(loadDriver(path, options)).rejects.toThrow(
    'it lacks name, onChange, capabilities, observe, plan, apply, readBack.',
  );
});
