import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer } from '../support/server.ts';
import { blocksOf, commandsIn } from './docShell.ts';

const root = new URL('../..', import.meta.url).pathname;
const pages = (await readdir(join(root, 'docs'), { recursive: true }))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
  .concat('README.md')
  .sort();

/** Where the blocks of a page that somebody types are run. */
const runBy: Readonly<Record<string, string>> = {
  'README.md': 'test/packages/readme.packages.test.ts',
  'docs/cli.md': 'test/cli/docs.test.ts',
  'docs/clients.md': 'test/cli/clientsDoc.test.ts',
  'docs/quickstart.md': 'test/docs/quickstart.test.ts',
};
const runWithHowTos = (page: string) =>
  page.startsWith('docs/how-to/') || page === 'docs/troubleshooting.md';

/** Nobody types these: output, drawings, and what belongs into a file of somebody else's. */
const notTyped = new Set(['text', 'ini', 'xml']);
/** Why a block that is typed is run by no test. */
const byHand: Readonly<Record<string, string>> = {
  'docs/install.md': 'No container engine runs where Sluice is tested, as the page says.',
};

describe.each(pages)('%s', (page) => {
  test('has no block whose language does not say what becomes of it', async () => {
    const known = new Set([
      ...notTyped,
      'sh',
      'sh machine',
      'sh by-hand',
      'graphql',
      'ts',
      'json',
      'python',
    ]);
    const unknown = (await blocksOf(page)).filter(({ language }) => !known.has(language));
    expect(unknown.map(({ line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });

  test('has its commands run by a test', async () => {
    if ((await commandsIn(page, 'sh by-hand')).length > 0) expect(byHand[page]).toBeDefined();
    const languages = new Set((await blocksOf(page)).map(({ language }) => language));
    if (languages.has('sh machine')) {
      await namedIn(
        'test/packages/pages.ts',
        page.startsWith('docs/runbooks/') ? 'docs/runbooks' : page,
      );
    }
    const elsewhere = runWithHowTos(page) ? 'test/docs/howTo.test.ts' : runBy[page];
    if (['sh', 'ts', 'json', 'python'].some((language) => languages.has(language))) {
      await namedIn(elsewhere ?? 'no test', page);
    }
  });
});

async function namedIn(file: string, page: string): Promise<void> {
  expect(existsSync(join(root, file)), `${page} has commands; run by ${file}`).toBe(true);
  expect(await readFile(join(root, file), 'utf8')).toContain(page);
}

test('every request in GraphQL is one that the server answers', async () => {
  await using server = await startServer();
  const token = await server.token({ role: 'admin' });
  const requests = await Promise.all(pages.map((page) => commandsIn(page, 'graphql')));
  let id: string | undefined;
  for (const request of requests.flat().sort(mutationsFirst)) {
    const { data, errors } = await server.execute<Created, object>(token, request, { id });
    expect({ request, errors }).toEqual({ request, errors: undefined });
    id ??= data?.createQosRule?.qosRule.id;
  }
  expect(id).toBeDefined();
});

interface Created {
  readonly createQosRule?: { readonly qosRule: { readonly id: string } };
}
/** The README's makes the rule that others ask for. */
const mutationsFirst = (a: string, b: string): number =>
  Number(b.includes('createQosRule')) - Number(a.includes('createQosRule'));
