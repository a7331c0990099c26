import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, say } from './say.mjs';

/** Installs the project's packages, unless node_modules holds exactly what package-lock.json names. */
export function installPackages(root) {
  if (packagesAreCurrent(root)) return;
  say('Installing the packages that package-lock.json names (npm ci).');
  // With npm's own file where npm started us, so that it is the same npm.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  // Warnings about this Node would mislead: the packages run on the Node 24 that comes with them.
  const args = [...first, 'ci', '--include=dev', '--loglevel=error'];
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    throw new Failure(`The packages could not be installed: ${error?.message ?? 'see npm above'}.`);
  }
}

/**
 * npm keeps in node_modules a lock of what it installed, written last. What the project's lock names
 * and that one does not is missing; only packages for other platforms may be.
 */
function packagesAreCurrent(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const named = Object.entries(readPackages(join(root, 'package-lock.json')));
  return named.every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Node 24, which the packages bring for machines that have an older one. */
export function findNode(root) {
  const brought = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Failure(
    `Sluice needs Node 24: this is ${process.version}, and for ${process.platform}-${process.arch} npm brings none.`,
  );
}
