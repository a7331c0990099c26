import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findHolder, lockFolder } from '../../lib/folderLock.ts';

const held = (holder: string) => `Another${holder} holds it.`;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('A folder is held by one at a time, and free again after', () => {
  {
    using _ = lockFolder(folder, held);
    expect(() => lockFolder(folder, held)).toThrow(`Another (pid ${process.pid}) holds it.`);
    expect(findHolder(folder)).toEqual({ pid: process.pid });
  }
  expect(findHolder(folder)).toBeNull();
  using _ = lockFolder(folder, held);
});

test('A folder whose holder was killed is free', async () => {
  const code = `
    const { lockFolder } = await import(process.argv[1]);
    globalThis.held = lockFolder(process.argv[2], () => 'held');
    process.stdout.write('held\\n');
    setInterval(() => {}, 1000);`;
  const module = join(import.meta.dirname, '../../lib/folderLock.ts');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code, module, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), exited]);
  expect(() => lockFolder(folder, held)).toThrow(`Another (pid ${holder.pid}) holds it.`);

  holder.kill('SIGKILL');
  await exited;

  expect(findHolder(folder)).toBeNull();
  using _ = lockFolder(folder, held);
});
