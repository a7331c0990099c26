import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Product } from './product.ts';
import { readScriptlets, type Scriptlets } from './scriptlets.ts';
import { layOut, put, type Release } from './tree.ts';

const run = promisify(execFile);

export interface PackageOptions extends Release {
  readonly folder: string;
  /** Quick and a third larger: for tests. */
  readonly fast: boolean;
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

/** Makes a Debian package; answers its path. */
export async function makeDeb(product: Product, options: PackageOptions): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), `${product.name}-deb-`));
  try {
    await chmod(root, 0o755);
    await layOut(root, product, options);
    const architecture = architectures[process.arch] ?? process.arch;
    await putControl(root, product, options, architecture);
    const path = join(options.folder, `${product.name}_${options.version}_${architecture}.deb`);
    const compression = options.fast ? ['-Zgzip', '-z1'] : ['-Zxz', '-z6'];
    await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, path], {
      // dpkg-deb: no file is younger than this.
      env: { ...process.env, SOURCE_DATE_EPOCH: String(options.epoch) },
    });
    return path;
  } finally {
    await rm(root, { recursive: true });
  }
}

async function putControl(
  root: string,
  product: Product,
  { version }: Release,
  architecture: string,
): Promise<void> {
  const fields = {
    Package: product.name,
    Version: version,
    Architecture: architecture,
    Maintainer: 'The Sluice authors <sluice@localhost>',
    'Installed-Size': await sizeKiB(root),
    Depends: product.depends.deb.join(', '),
    Suggests: product.suggests.deb,
    Section: 'net',
    Priority: 'optional',
    Description: `${product.summary}\n ${product.description}`,
  };
  const control = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  const file = (name: string) => join(root, 'DEBIAN', name);
  await put(file('control'), control.join(''));
  await put(file('conffiles'), `${product.settingsFile}\n`);
  const scripts = maintainerScripts(await readScriptlets(product));
  for (const [name, script] of Object.entries(scripts)) await put(file(name), script, 0o755);
}

/** deb-postinst(5) and the others: what dpkg calls, with which arguments. */
function maintainerScripts(scriptlets: Scriptlets): Record<string, string> {
  const script = (body: string) => `#!/bin/sh\nset -e\n${body}`;
  const when = (condition: string, body: string) => `if [ ${condition} ]; then\n${body}fi\n`;
  const { configured, first, upgraded, removing, removed, purged } = scriptlets;
  return {
    postinst: script(
      when('"$1" = configure', configured + when('-z "$2"', first) + when('-n "$2"', upgraded)),
    ),
    prerm: script(when('"$1" = remove', removing)),
    postrm: script(when('"$1" = remove', removed) + when('"$1" = purge', purged)),
  };
}

async function sizeKiB(root: string): Promise<number> {
  const { stdout } = await run('du', ['-s', '--apparent-size', '--block-size=1K', root]);
  return Number.parseInt(stdout, 10);
}
