import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commandsIn } from '../docs/docShell.ts';
import { eventually } from '../support/eventually.ts';
import type { Machine } from './machine.ts';

const root = new URL('../..', import.meta.url).pathname;

/** What the pages leave to their reader, and what it is on this machine. */
export type Names = readonly (readonly [string | RegExp, string])[];

/** The three parts of docs/install.md: the server, each host, removal. */
export const installPage = (): Promise<string[]> => commandsIn('docs/install.md', 'sh machine');

/** What one looks at when an alert comes, and to follow a change. */
export async function operatorsPages(): Promise<string[]> {
  const runbooks = (await readdir(join(root, 'docs/runbooks'))).map(
    (name) => `docs/runbooks/${name}`,
  );
  const pages = [...runbooks, 'docs/observability.md'];
  return (await Promise.all(pages.map((page) => commandsIn(page, 'sh machine')))).flat();
}

/** Types a block line by line; what it said. */
export async function typeBlock({ sh }: Machine, block: string, names: Names): Promise<string> {
  const said: string[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const command = edited(
      names.reduce((text, [name, value]) => text.replaceAll(name, value), line),
    );
    // Who asks a server that was started a moment ago asks again.
    said.push(
      await (command.startsWith('curl') ? eventually(() => sh(command), patience) : sh(command)),
    );
  }
  return said.join('');
}

const patience = { timeoutMs: 20_000 };

/** `editor FILE # key: value` by hand; of a search it is no fault that nothing is found. */
function edited(command: string): string {
  const [, file, key, value] = /^editor (\S+) +# (\w+): (.*)$/.exec(command) ?? [];
  if (file) return `sed -i 's|^#${key}:.*|${key}: ${value}|' ${file}`;
  return /\| grep/.test(command) ? `{ ${command}; } || [ $? -eq 1 ]` : command;
}
