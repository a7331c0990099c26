import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { KernelWatch } from '../../../../agent/drivers/ovs/kernelWatch.ts';
import { runIn } from '../../../../scripts/lab/command.ts';
import { deleteNetns, ensureNetns } from '../../../../scripts/lab/netns.ts';
import { eventually } from '../../../support/eventually.ts';

const run = promisify(execFile);
const file = new URL('../../../../agent/drivers/ovs/kernelWatch.ts', import.meta.url).href;
const program = `
  import { KernelWatch } from ${JSON.stringify(file)};
  await new KernelWatch({ netns: null, onChange: () => undefined }).run(new AbortController().signal);`;

test('what listens to the kernel ends with an agent that is killed', async () => {
  const agent = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  onTestFinished(() => void agent.kill('SIGKILL'));
  const monitor = await monitorOf(agent.pid);

  agent.kill('SIGKILL');
  await once(agent, 'exit');

  await eventually(() => expect(existsSync(`/proc/${monitor}`)).toBe(false));
});

test('a change is heard with its device; where more changed than could be heard, of any device', async () => {
  await using stack = new AsyncDisposableStack();
  const netns = `sluice-watch-${randomUUID().slice(0, 8)}`;
  await ensureNetns(netns);
  stack.defer(() => deleteNetns(netns));
  const heard: (readonly string[] | null)[] = [];
  const watch = new KernelWatch({
    netns,
    onChange: (devices) => heard.push(devices && [...devices]),
  });
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  stack.defer(async () => {
    stop.abort();
    await running;
  });
  const change = (times: number) =>
    runIn(netns, 'sh', [
      '-c',
      `seq ${times} | sed 's/^/qdisc replace dev lo root pfifo limit /' | tc -batch -`,
    ]);
  const monitor = Number(await monitorOf(process.pid));
  await eventually(async () => {
    await change(1);
    expect(heard).toContainEqual(['lo']);
  });
  expect(heard).not.toContain(null);

  process.kill(monitor, 'SIGSTOP');
  // Of what the kernel keeps for a reader, 2,500 fill it.
  await change(6_000);
  process.kill(monitor, 'SIGCONT');

  await eventually(() => expect(heard).toContain(null));
});

/** The tc that a process has started, by its pid. */
function monitorOf(pid: number | undefined): Promise<string> {
  return eventually(async () => {
    const { stdout } = await run('pgrep', ['--exact', '--parent', String(pid), 'tc']);
    return stdout.trim();
  });
}
