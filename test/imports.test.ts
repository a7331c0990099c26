import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Invariant 12: imports go one way. A layer may import itself and what stands beside it here, folders
 * with all that is in them. A file belongs to the longest layer that its path begins with.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  'lib/': [],
  'schema/generated/': [],
  'schema/trusted/': [],
  'migrations/': [],

  'src/': ['lib/', 'src/', 'package.json'],
  'src/domain/': ['lib/'],
  'src/entities/': ['lib/', 'src/domain/'],
  'src/db/': ['lib/', 'src/domain/', 'src/entities/', 'migrations/'],
  'src/auth/': ['lib/', 'src/domain/', 'src/entities/', 'src/db/'],
  'src/feed/': ['lib/', 'src/domain/', 'src/entities/', 'src/db/'],
  'src/services/': ['lib/', 'src/domain/', 'src/entities/', 'src/db/', 'src/feed/'],
  'src/graphql/': [
    ...['lib/', 'src/domain/', 'src/entities/', 'src/db/', 'src/feed/', 'src/services/'],
    'schema/trusted/',
  ],
  'src/http/': [
    ...['lib/', 'src/domain/', 'src/entities/', 'src/db/', 'src/feed/', 'src/services/'],
    ...['src/auth/', 'src/graphql/', 'package.json'],
  ],

  'agent/': [
    ...['lib/', 'schema/generated/', 'agent/drivers/driver.ts', 'agent/drivers/load.ts'],
    'package.json',
  ],
  'agent/openflow/': ['lib/'],
  'agent/ovsdb/': ['lib/'],
  'agent/drivers/': ['lib/', 'schema/generated/'],
  'agent/drivers/ovs/': [
    ...['lib/', 'schema/generated/', 'agent/drivers/driver.ts', 'agent/openflow/', 'agent/ovsdb/'],
  ],

  'client/': ['lib/', 'schema/generated/'],
  'cli/': ['lib/', 'client/', 'schema/generated/', 'package.json'],
};

/** The one place where a driver is chosen by its name, and so imported by it. */
const exceptions = new Set(['agent/drivers/load.ts -> agent/drivers/ovs/index.ts']);

const root = new URL('..', import.meta.url).pathname;

test('imports go one way between the layers', () => {
  const files = new Set(filesIn(Object.keys(layers)));
  const wrong = [...files].flatMap((file) =>
    importsOf(file)
      .filter((imported) => !isAllowed(file, imported))
      .map((imported) => `${file} -> ${imported}`)
      .filter((edge) => !exceptions.has(edge)),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, be it for types only', () => {
  const files = filesIn([
    'lib/',
    'migrations/',
    'src/',
    'agent/',
    'client/',
    'cli/',
    'scripts/',
    'bench/',
  ]);
  expect(circlesOf(new Map(files.map((file) => [file, importsOf(file)])))).toEqual([]);
  const lasso = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['d', 'b']],
  ]);
  expect(circlesOf(lasso)).toEqual([['b', 'c', 'b']]);
});

test('the table sees every file and judges it by its nearest layer', () => {
  expect(filesIn(['src/', 'agent/']).length).toBeGreaterThan(50);
  expect(importsOf('agent/drivers/load.ts')).toContain('agent/drivers/noop.ts');
  expect(isAllowed('src/domain/ranges.ts', 'src/db/orm.ts')).toBe(false);
  expect(isAllowed('src/main.ts', 'agent/main.ts')).toBe(false);
  expect(isAllowed('src/main.ts', 'src/domain/ranges.ts')).toBe(true);
  expect(isAllowed('client/client.ts', 'cli/config.ts')).toBe(false);
  expect(isAllowed('agent/ovsdb/client.ts', 'agent/drivers/driver.ts')).toBe(false);
});

function filesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => globSync(`${folder}**/*.ts`, { cwd: root }));
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const specifiers = source.matchAll(/(?:\bfrom|^import|\bimport\()\s*'(?<path>\.[^']*)'/gm);
  return [...specifiers].map(({ groups }) => normalize(join(dirname(file), groups?.path ?? '')));
}

function isAllowed(file: string, imported: string): boolean {
  const layer = layerOf(file);
  if (layerOf(imported) === layer) return true;
  return (layers[layer] ?? []).some((allowed) => imported.startsWith(allowed));
}

function layerOf(file: string): string {
  const candidates = Object.keys(layers).filter((prefix) => file.startsWith(prefix));
  return candidates.sort((a, b) => b.length - a.length)[0] ?? dirname(file);
}

/** Each way that comes back to where it has been; a file that one walk has left leads to no other. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const left = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (left.has(file)) return;
    const begin = way.indexOf(file);
    if (begin >= 0) {
      circles.push([...way.slice(begin), file]);
      return;
    }
    for (const imported of imports.get(file) ?? []) walk(imported, [...way, file]);
    left.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return circles;
}
