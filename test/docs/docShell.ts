import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** What a page has its reader type, block by block: `sh` anywhere, `sh machine` where the packages are installed. */
export async function commandsIn(page: string, language = 'sh'): Promise<string[]> {
  return (await blocksOf(page))
    .filter((block) => block.language === language)
    .map(({ text }) => text);
}

export interface Block {
  /** What stands behind the three backquotes. */
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** Every fenced block of a page. */
export async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((found) => ({
    language: found[1] ?? '',
    text: found[2] ?? '',
    line: text.slice(0, found.index).split('\n').length,
  }));
}

export interface DocShell {
  /** Runs blocks one after the other in one shell that ends at the first failure; what they wrote. */
  run(blocks: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** A shell in `folder` whose `sluice`, `sluice-server`, `sluice-agent` and `npx sluice…` are this checkout's. */
export async function openDocShell(
  folder: string,
  env: Readonly<Record<string, string>>,
  wrappers: Readonly<Record<string, string>> = {},
): Promise<DocShell> {
  const bin = join(folder, '.bin');
  await mkdir(bin, { recursive: true });
  const programs = ['sluice', 'sluice-server', 'sluice-agent'].map((name) => [
    name,
    `exec "${process.execPath}" "${join(root, 'bin', `${name}.js`)}" "$@"`,
  ]);
  const scripts = { ...Object.fromEntries(programs), npx: 'exec "$@"', ...wrappers };
  for (const [name, line] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const path = `${bin}:${dirname(process.execPath)}:${process.env.PATH}:/usr/sbin:/sbin`;
  return {
    run: (blocks) =>
      run('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
        cwd: folder,
        // A home of its own: contexts are kept there.
        env: { HOME: folder, ...env, PATH: path },
      }),
  };
}
