import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findHolder, lockFolder } from '../../agent/lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('A folder is held by one at a time, and free again after', () => {
  {
    using _ = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      `An agent (pid ${process.pid}) is running on ${folder}; stop it, or give this one its own SLUICE_DATA.`,
    );
    expect(findHolder(folder)).toEqual({ pid: process.pid });
  }
  expect(findHolder(folder)).toBeNull();
  using _ = lockFolder(folder);
});

test('A folder whose holder was killed is free', async () => {
  const code = `
    const { lockFolder } = await import(process.argv[1]);
    globalThis.held = lockFolder(process.argv[2]);
    process.stdout.write('held\\n');
    setInterval(() => {}, 1000);`;
  const module = join(import.meta.dirname, '../../agent/lock.ts');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code, module, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), exited]);
  expect(() => lockFolder(folder)).toThrow(`An agent (pid ${holder.pid}) is running`);

  holder.kill('SIGKILL');
  await exited;

  expect(findHolder(folder)).toBeNull();
  using _ = lockFolder(folder);
});
