import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { migrationsList } from '../../../migrations/list.ts';

test('the list names every migration of the folder, in order', async () => {
  const folder = new URL('../../../migrations', import.meta.url).pathname;
  const files = (await readdir(folder)).filter((name) => name.startsWith('Migration')).sort();
  expect(migrationsList.map(({ name }) => `${name}.ts`)).toEqual(files);
});
