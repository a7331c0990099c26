import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { findNode } from '../scripts/setup/packages.mjs';
import { runInPlace } from '../scripts/setup/program.mjs';
import { Failure, say } from '../scripts/setup/say.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs one of the checkout's programs: here, where this Node can, else on the one that the packages bring. Types
 * are stripped and modules compiled at the first start only: the next ones take half the time, and 30 MiB less.
 */
export async function launch(program) {
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    // Beside the packages, where whoever may write could change the programs as well: not in a folder for all.
    module.enableCompileCache(`${root}node_modules/.cache/sluice`);
    await import(new URL(program, new URL('..', import.meta.url)));
    return;
  }
  try {
    process.exitCode = await runInPlace(findNode(root), [root + program, ...process.argv.slice(2)]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
