/**
 * `npm run package`: the Debian packages sluice-server and sluice-agent, and with `-- --rpm` also their RPMs, in
 * dist/packages. `--version V` names another version than the manifest's, `--fast` compresses less.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { makeDeb } from './package/deb.ts';
import { products } from './package/product.ts';
import { makeRpm } from './package/rpm.ts';
import { checkout } from './package/tree.ts';

const { values } = parseArgs({
  options: {
    version: { type: 'string', default: packageJson.version },
    folder: { type: 'string', default: join(checkout, 'dist', 'packages') },
    rpm: { type: 'boolean', default: false },
    fast: { type: 'boolean', default: false },
  },
});
const { version, folder, fast } = values;
const options = { version, folder, fast, epoch: await sourceEpoch() };

await mkdir(folder, { recursive: true });
for (const product of products) {
  console.log(await makeDeb(product, options));
  if (values.rpm) console.log(await makeRpm(product, options));
}

/** When the newest commit was made, unless the environment says (reproducible-builds.org/specs/source-date-epoch). */
async function sourceEpoch(): Promise<number> {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given) return Number(given);
  const log = ['log', '-1', '--format=%ct'];
  const { stdout } = await promisify(execFile)('git', log, { cwd: checkout });
  return Number(stdout);
}
