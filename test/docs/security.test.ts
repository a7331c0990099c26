import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Row {
  readonly threat: string;
  readonly shownBy: string;
}

/** The rows of every table that says in its last column what shows a row to be true. */
function rowsOf(page: string): Row[] {
  const rows: Row[] = [];
  let isShown = false;
  for (const line of read(page).split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : null;
    if (!cells) isShown = false;
    else if (cells.at(-1) === 'shown by') isShown = true;
    else if (isShown && !cells.every((cell) => /^-+$/.test(cell))) {
      rows.push({ threat: cells[0] ?? '', shownBy: cells.at(-1) ?? '' });
    }
  }
  return rows;
}

/** `test/a.test.ts` "a part of a test's name", `b.test.ts` in the same folder, … */
function testsIn(shownBy: string): { readonly path: string; readonly names: readonly string[] }[] {
  let folder = '';
  return [...shownBy.matchAll(/`([^`]+)`((?:,? (?:and )?"[^"]+")*)/g)].map(
    ([, file = '', quoted = '']) => {
      const path = file.includes('/') ? file : join(folder, file);
      folder = dirname(path);
      return { path, names: [...quoted.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name) };
    },
  );
}

describe.each(['docs/security.md', 'test/abuse/README.md'])('each row of %s', (page) => {
  test.each(rowsOf(page))('$threat: is shown by tests that are there', ({ shownBy }) => {
    const tests = testsIn(shownBy);
    expect(tests.length, shownBy).toBeGreaterThan(0);
    for (const { path, names } of tests) {
      expect(existsSync(join(root, path)), path).toBe(true);
      for (const name of names) expect(read(path), `a test of ${path}`).toContain(name);
    }
  });
});

test('the corpus has every kind of abuse that was asked for', () => {
  const items = rowsOf('test/abuse/README.md').map(({ threat }) => threat);
  expect(items.length).toBeGreaterThan(40);
  expect(new Set(items).size).toBe(items.length);
});
