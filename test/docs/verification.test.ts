import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const docs = join(import.meta.dirname, '..', '..', 'docs');

test('every test that docs/verification.md names is there', async () => {
  const named = namedTests(await readFile(join(docs, 'verification.md'), 'utf8'));
  expect(named.length).toBeGreaterThan(60);
  const missing: string[] = [];
  for (const { file, name } of named) {
    const source = await readFile(join(docs, file), 'utf8').catch(() => '');
    if (!titles(name).some((title) => source.includes(title))) missing.push(`${file}: ${name}`);
  }
  expect(missing).toEqual([]);
});

test('every row of docs/verification.md names a test', async () => {
  const text = await readFile(join(docs, 'verification.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| (?!it is said)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => namedTests(row).length === 0)).toEqual([]);
});

interface NamedTest {
  readonly file: string;
  readonly name: string;
}

/** In the second column of each row: a link to a file, and after it the names of tests in it. */
function namedTests(text: string): NamedTest[] {
  return text.split('\n').flatMap((line) => {
    const [, shownBy = ''] = line.split(' | ');
    let file = '';
    const named: NamedTest[] = [];
    for (const [, link, name] of shownBy.matchAll(/\]\((\.\.\/test\/[^)]+)\)|`([^`]+)`/g)) {
      if (link) file = link;
      else if (name && !name.startsWith('npm run ')) named.push({ file, name });
    }
    return named;
  });
}

/** As a title is written in a source: whole, or, of a template, up to what is filled in. */
function titles(name: string): string[] {
  return [`'${name}'`, `"${name}"`, `\`${name}`];
}
