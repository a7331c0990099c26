import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Guest, startGuest } from './guest.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

test('a command answers with its output, its errors and its exit code', async () => {
  expect(await guest.run("echo 'it works'; echo \"it's late\" >&2; exit 3")).toEqual({
    stdout: 'it works\n',
    stderr: "it's late\n",
    exitCode: 3,
  });
  await expect(guest.succeed('echo no such luck >&2; false')).rejects.toThrow(
    '`echo no such luck >&2; false` failed in the guest (1): no such luck\n',
  );
});

test('commands run beside each other, and one without end is ended after its time', async () => {
  await guest.succeed('mkfifo /run/pipe /run/never');
  const forEver = guest.run('cat /run/never', { timeoutMs: 2_000 });
  const reader = guest.succeed('cat /run/pipe');
  await guest.succeed('echo from the other >/run/pipe');
  expect(await reader).toBe('from the other\n');
  expect(await forEver).toMatchObject({ exitCode: 137 });
});

test('much output comes whole', async () => {
  const output = await guest.succeed('seq 1 200000');
  expect(output.split('\n')).toHaveLength(200_001);
  expect(output).toMatch(/\n200000\n$/);
});

test('its programs and this checkout cannot be written', async () => {
  for (const folder of ['/usr', '/etc/alternatives', '/sluice']) {
    expect(await guest.run(`touch ${folder}/written`)).toMatchObject({ exitCode: 1 });
  }
});

test('a guest that ends fails what still runs, and shows its console', async () => {
  const running = guest.run('sleep 60');
  await Promise.all([
    expect(running).rejects.toThrow(/^The guest ended\. Its console:.*sysrq: Resetting/s),
    guest.run('echo b >/proc/sysrq-trigger').catch(() => undefined),
  ]);
  await expect(guest.run('true')).rejects.toThrow('The guest ended.');
});

test('a machine that does not come up is started again, twice, and the last says where it stood', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => said.mockRestore());
  await expect(startGuest({ kernelOptions: 'rdinit=/none' })).rejects.toThrow(
    /^The guest did not start\..*Its console:.*Kernel panic/s,
  );
  expect(said.mock.calls).toEqual([
    [expect.stringMatching(/^\n\*\*\* Attempt 1 of 3, trying again: The guest did not start/)],
    [expect.stringMatching(/^\n\*\*\* Attempt 2 of 3/)],
  ]);
});
