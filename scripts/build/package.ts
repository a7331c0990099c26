import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { bundle } from './bundle.ts';
import { declareClient } from './declarations.ts';
import { licencesOf } from './licences.ts';

/** What an agent's host has, and what a server has: each is installed without the other. */
const sets = {
  agent: { sluice: 'cli/main.ts', 'sluice-agent': 'agent/main.ts' },
  server: { 'sluice-server': 'src/main.ts' },
} as const;

/**
 * Makes a folder, whatever it held, an npm package of the three programs and of the client for scripts in the form
 * that is shipped: plain JavaScript that needs no other package, since Node strips no types below node_modules. The
 * server, for which PostgreSQL has to be there, is in a folder of its own.
 */
export async function buildPackage(folder: string): Promise<void> {
  await buildPrograms('agent', folder);
  await buildPrograms('server', join(folder, 'server'));
  await buildClient(join(folder, 'client'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** One set of programs alone, with the licences of what went into it. */
export async function buildPrograms(
  set: keyof typeof sets,
  folder: string,
  version: string = packageJson.version,
): Promise<void> {
  const programs = sets[set];
  const files = await bundle({ folder, programs, version, areRun: true });
  await writeFile(join(folder, 'THIRD-PARTY-LICENCES'), licencesOf(files));
  // Node takes what is below as modules, wherever it lies.
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  for (const name of Object.keys(programs)) await chmod(join(folder, `${name}.js`), 0o755);
}

/** `sluice/client`, with its types. */
async function buildClient(folder: string): Promise<void> {
  const programs = { index: 'client/index.ts' };
  const { version } = packageJson;
  const files = await bundle({ folder, programs, version, areRun: false });
  await writeFile(join(folder, 'THIRD-PARTY-LICENCES'), licencesOf(files));
  await declareClient(join(folder, 'types'));
}

function manifest() {
  const { name, version, description, license, type } = packageJson;
  const agent = Object.keys(sets.agent).map((each) => [each, `${each}.js`]);
  const server = Object.keys(sets.server).map((each) => [each, `server/${each}.js`]);
  const bin = Object.fromEntries([...agent, ...server]);
  const exports = {
    './client': { types: './client/types/client/index.d.ts', default: './client/index.js' },
  };
  return { name, version, description, license, type, engines: { node: '>=24' }, exports, bin };
}
