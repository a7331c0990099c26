import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildPrograms } from '../build/package.ts';
import { manPage } from './manPage.ts';
import type { Product } from './product.ts';
import { settingsFile } from './settingsFile.ts';

const run = promisify(execFile);

export const checkout = new URL('../..', import.meta.url).pathname;

export interface Release {
  readonly version: string;
  /** When what it was made from was written, in seconds: the same source makes the same packages. */
  readonly epoch: number;
}

/** Lays out below a root what a package puts on a machine. */
export async function layOut(root: string, product: Product, release: Release): Promise<void> {
  const { name, set } = product;
  const library = join(root, 'usr/lib', name);
  await buildPrograms(set, library, release.version);
  await copyTo(nodeOf('bin/node'), join(library, 'node'), 0o755);
  for (const [from, to, mode] of product.files) {
    await copyTo(join(checkout, 'packaging', from), join(root, to), mode);
  }
  await putPrograms(root, product, release);
  const settings = settingsFile(product.settings);
  await put(join(root, product.settingsFile), settings, 0o640);
  await putDocs(root, product);
  if (set === 'agent') await putCompletions(root, join(library, 'sluice.js'));
}

/** Programs start on the Node that came with them, and find the package's settings unless told of others. */
async function putPrograms(root: string, product: Product, release: Release): Promise<void> {
  const library = `/usr/lib/${product.name}`;
  const date = new Date(release.epoch * 1000).toISOString().slice(0, 10);
  for (const { name, section, hasSettingsFile } of product.programs) {
    const config = `export SLUICE_CONFIG="\${SLUICE_CONFIG:-${product.settingsFile}}"\n`;
    const start = `exec ${library}/node ${library}/${name}.js "$@"\n`;
    const text = `#!/bin/sh\n${hasSettingsFile ? config : ''}${start}`;
    await put(join(root, 'usr/bin', name), text, 0o755);
    const script = join(root, library, `${name}.js`);
    const page = await manPage({ program: name, script, section, version: release.version, date });
    await put(join(root, `usr/share/man/man${section}/${name}.${section}.gz`), gzip(page));
  }
}

async function putDocs(root: string, { name, docs }: Product): Promise<void> {
  const folder = join(root, 'usr/share/doc', name);
  for (const doc of docs) {
    await copyTo(join(checkout, 'docs', doc), join(folder, basename(doc)));
  }
  const changes = await readFile(join(checkout, 'CHANGELOG.md'), 'utf8');
  await put(join(folder, 'changelog.gz'), gzip(changes));
  const node = await readFile(nodeOf('LICENSE'), 'utf8');
  const library = `/usr/lib/${name}`;
  const copyright = `Sluice is under the Apache License, version 2.0: /usr/share/common-licenses/Apache-2.0 or https://www.apache.org/licenses/LICENSE-2.0.\nWhat its programs are made of besides: ${library}/THIRD-PARTY-LICENCES.\n${library}/node is Node.js:\n\n${node}`;
  await put(join(folder, 'copyright'), copyright);
}

async function putCompletions(root: string, script: string): Promise<void> {
  const places = {
    bash: ['usr/share/bash-completion/completions/sluice'],
    // Debian's zsh looks into the one, others' into the other.
    zsh: ['usr/share/zsh/vendor-completions/_sluice', 'usr/share/zsh/site-functions/_sluice'],
    fish: ['usr/share/fish/vendor_completions.d/sluice.fish'],
  };
  for (const [shell, paths] of Object.entries(places)) {
    const { stdout } = await run(process.execPath, [script, 'completion', shell]);
    for (const path of paths) await put(join(root, path), stdout);
  }
}

/** A file of the Node that npm brought, locked by its digest. */
function nodeOf(path: string): string {
  return join(checkout, 'node_modules', `node-linux-${process.arch}`, path);
}

async function copyTo(from: string, to: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, mode);
}

export async function put(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}

/** gzip without a name and a time in it: the same text gives the same bytes. */
function gzip(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}
