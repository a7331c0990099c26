import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';

const run = promisify(execFile);
const file = new URL('../../../../agent/drivers/ovs/kernelWatch.ts', import.meta.url).href;
const program = `
  import { KernelWatch } from ${JSON.stringify(file)};
  await new KernelWatch({ netns: null, onChange: () => undefined }).run(new AbortController().signal);`;

test('what listens to the kernel ends with an agent that is killed', async () => {
  const agent = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  onTestFinished(() => void agent.kill('SIGKILL'));
  const monitor = await eventually(async () => {
    const { stdout } = await run('pgrep', ['--exact', '--parent', String(agent.pid), 'tc']);
    return stdout.trim();
  });

  agent.kill('SIGKILL');
  await once(agent, 'exit');

  await eventually(() => expect(existsSync(`/proc/${monitor}`)).toBe(false));
});
