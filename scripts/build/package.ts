import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { bundle, programNames } from './bundle.ts';

/**
 * Makes a folder, whatever it held, an npm package of `sluice` and `sluice-agent` in the form that is shipped: plain
 * JavaScript that needs no other package, since Node strips no types below node_modules.
 */
export async function buildPackage(folder: string): Promise<void> {
  await bundle(folder);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  for (const name of programNames) await chmod(join(folder, `${name}.js`), 0o755);
}

function manifest() {
  const { name, version, description, license, type } = packageJson;
  const bin = Object.fromEntries(programNames.map((each) => [each, `${each}.js`]));
  return { name, version, description, license, type, engines: { node: '>=24' }, bin };
}
