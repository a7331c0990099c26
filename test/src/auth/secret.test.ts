import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadTokenSecret } from '../../../src/auth/secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the secret is made once, for its owner only, however many servers start', async () => {
  const path = join(folder, 'deep', 'token.secret');
  const secrets = await Promise.all(Array.from({ length: 8 }, () => loadTokenSecret(path)));
  expect(new Set(secrets.map(String)).size).toBe(1);
  expect(secrets[0]).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'deep'))).toEqual(['token.secret']);
  expect(await loadTokenSecret(path)).toEqual(secrets[0]);
});

test('a secret that others can read, or too short a one, is refused with what to do', async () => {
  const path = join(folder, 'token.secret');
  await loadTokenSecret(path);
  await chmod(path, 0o644);
  await expect(loadTokenSecret(path)).rejects.toThrow(/chmod 600/);
  await writeFile(path, 'c2hvcnQ');
  await chmod(path, 0o600);
  await expect(loadTokenSecret(path)).rejects.toThrow(/at least 32 random bytes/);
});
