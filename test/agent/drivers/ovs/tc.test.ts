import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TcReader } from '../../../../agent/drivers/ovs/tc.ts';
import { readHtb } from '../../../../agent/drivers/ovs/tcText.ts';
import { run, runIn } from '../../../../scripts/lab/command.ts';
import { deleteNetns, ensureNetns } from '../../../../scripts/lab/netns.ts';

const netns = `sluice-tc-${randomUUID().slice(0, 8)}`;
let tc: TcReader;

beforeEach(async () => {
  await ensureNetns(netns);
  tc = new TcReader(netns);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  tc.close();
  await deleteNetns(netns);
});

/** A device with a queue of so many Mbit/s; its index. */
async function addDevice(name: string, mbit: number): Promise<number> {
  await run('ip', [
    'link',
    'add',
    name,
    'netns',
    netns,
    'type',
    'veth',
    'peer',
    'name',
    `${name}p`,
    'netns',
    netns,
  ]);
  await runIn(netns, 'tc', ['qdisc', 'add', 'dev', name, 'root', 'handle', '1:', 'htb']);
  const shape = ['parent', '1:', 'classid', '1:1', 'htb', 'rate', `${mbit}mbit`];
  await runIn(netns, 'tc', ['class', 'add', 'dev', name, ...shape]);
  const links = await runIn(netns, 'ip', ['-j', 'link', 'show', 'dev', name]);
  return (JSON.parse(links) as { ifindex: number }[])[0]!.ifindex;
}

async function ratesOf(devices: Readonly<Record<string, number>>): Promise<(number | undefined)[]> {
  const answers = await tc.ask(
    Object.entries(devices).map(([name, ifindex]) => ({
      device: { name, ifindex },
      show: 'classes',
    })),
  );
  return answers.map((text) => readHtb(text)?.rateKbps);
}

describe('TcReader', () => {
  it('answers each question with its own device, also past one that is not there', async () => {
    const [v1, v2] = [await addDevice('v1', 5), await addDevice('v2', 7)];
    expect(await ratesOf({ v1, gone: 99, v2 })).toEqual([5_000, undefined, 7_000]);
    expect(await Promise.all([ratesOf({ v2 }), ratesOf({ v1 })])).toEqual([[7_000], [5_000]]);
  });

  it.each([
    ['a pipe', undefined],
    ['a socket, where no pipe can be made', '/nowhere'],
  ])(
    'answers by the hundred through %s, each with its own device, also to who asks meanwhile',
    async (_what, folder) => {
      const [v1, v2] = [await addDevice('v1', 5), await addDevice('v2', 7)];
      if (folder) vi.stubEnv('TMPDIR', folder);
      const both = [
        { device: { name: 'v1', ifindex: v1 }, show: 'classes' },
        { device: { name: 'v2', ifindex: v2 }, show: 'classes' },
      ] as const;
      const many = Array.from({ length: 300 }, () => both).flat();

      const [answers, meanwhile] = await Promise.all([tc.ask(many), ratesOf({ v2 })]);

      const rates = answers.map((text) => readHtb(text)?.rateKbps);
      expect(rates).toEqual(many.map(({ device }) => (device.name === 'v1' ? 5_000 : 7_000)));
      expect(meanwhile).toEqual([7_000]);
    },
  );

  it('sees a device that took the name of another', async () => {
    const first = await addDevice('v1', 5);
    expect(await ratesOf({ v1: first })).toEqual([5_000]);
    await runIn(netns, 'ip', ['link', 'del', 'v1']);
    await addDevice('v3', 1);
    const second = await addDevice('v1', 9);
    expect(second).not.toBe(first);
    expect(await ratesOf({ v1: second })).toEqual([9_000]);
  });

  it('asks for a strange name by its index, and for none without one', async () => {
    const ifindex = await addDevice('v1', 5);
    const name = 'v1\nqdisc del dev v1 root';
    const answers = await tc.ask([
      { device: { name, ifindex }, show: 'classes' },
      { device: { name, ifindex: null }, show: 'classes' },
    ]);
    expect(answers[0]).toMatch(/rate 5Mbit/);
    expect(answers[1]).toMatch(/is no device's name/);
    expect(await ratesOf({ v1: ifindex })).toEqual([5_000]);
  });

  it('starts again after tc was ended', async () => {
    const v1 = await addDevice('v1', 5);
    expect(await ratesOf({ v1 })).toEqual([5_000]);
    tc.close();
    expect(await ratesOf({ v1 })).toEqual([5_000]);
  });

  it('says so when tc cannot be started', async () => {
    const lost = new TcReader('no-such-namespace-of-sluice');
    const device = { name: 'a', ifindex: 1 };
    // Several times: whether the broken pipe or the end is seen first is the kernel's choice.
    for (let round = 0; round < 10; round++) {
      await expect(lost.ask([{ device, show: 'classes' }])).rejects.toThrow(
        /tc ended: .*namespace/,
      );
    }
  });
});
