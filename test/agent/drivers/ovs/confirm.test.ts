import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Aim, OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { BridgeLinks } from '../../../../agent/drivers/ovs/bridgeLinks.ts';
import { LimitReader } from '../../../../agent/drivers/ovs/readBack.ts';
import { type TakeAnswer, TcReader } from '../../../../agent/drivers/ovs/tc.ts';
import type { DeviceQuestion } from '../../../../agent/drivers/ovs/tcBatch.ts';
import { UsageReader } from '../../../../agent/drivers/ovs/usage.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';
import { runIn } from '../../../../scripts/lab/command.ts';
import { deleteNetns, ensureNetns } from '../../../../scripts/lab/netns.ts';

/** Counts what it is asked. */
class CountingTc extends TcReader {
  asked = 0;

  override askEach(questions: readonly DeviceQuestion[], take: TakeAnswer): Promise<void> {
    this.asked += questions.length;
    return super.askEach(questions, take);
  }
}

const device = { name: 'lo', ifindex: 1 };
const aim: Aim = {
  portId: 'p',
  direction: 'INGRESS',
  ruleId: 'r',
  ruleVersion: 1,
  kind: 'enforced',
  programmed: { mechanism: 'linux_htb', maxKbps: 10_000 },
  notes: [],
  checks: [
    {
      kind: 'htb',
      device,
      bridge: 'br0',
      row: '00000000-0000-0000-0000-000000000001' as Uuid,
      rateKbps: 10_000,
      burstKbps: 8_000,
    },
  ],
};
const plan: OvsPlan = { changes: [], aims: [aim] };

async function host(stack: AsyncDisposableStack) {
  const netns = `sluice-confirm-${randomUUID().slice(0, 8)}`;
  await ensureNetns(netns);
  stack.defer(() => deleteNetns(netns));
  const tc = stack.adopt(new CountingTc(netns), (each) => each.close());
  const nothing = () => undefined;
  const links = new BridgeLinks('unix:/nowhere/db.sock', {
    onChange: nothing,
    onConnect: nothing,
    patienceMs: 0,
  });
  const clock = { nowMs: 0 };
  const nowMs = () => clock.nowMs;
  const reader = new LimitReader({ tc, links, nowMs });
  let isDifferent = false;
  const usage = new UsageReader({
    ...{ tc, links, nowMs, isUserspace: () => false },
    onSeen: (sights) => {
      isDifferent = reader.confirm(sights);
    },
  });
  usage.follow(plan);
  const shape = ['rate', '12kbit', 'ceil', '10mbit', 'burst', '1563', 'cburst', '1000000'];
  return {
    tc,
    clock,
    counted: async () => (await usage.read())[0],
    /** Whether a sample shows something else. */
    sample: async () => {
      await usage.read();
      tc.asked = 0;
      return isDifferent;
    },
    statusOf: async () => (await reader.read(plan, new Map())).results[0]?.status,
    limit: async () => {
      await runIn(netns, 'tc', ['qdisc', 'add', 'dev', 'lo', 'root', 'handle', '1:', 'htb']);
      const add = ['class', 'add', 'dev', 'lo', 'parent'];
      // As Open vSwitch has it: the class that all queues share, and the queue below it.
      await runIn(netns, 'tc', [...add, '1:', 'classid', '1:fffe', 'htb', 'rate', '34gbit']);
      await runIn(netns, 'tc', [...add, '1:fffe', 'classid', '1:1', 'htb', ...shape]);
    },
    lift: () => runIn(netns, 'tc', ['qdisc', 'del', 'dev', 'lo', 'root']),
  };
}

it('what a sample of usage shows is not asked for again; what it shows to be gone is', async () => {
  await using stack = new AsyncDisposableStack();
  const { tc, clock, sample, statusOf, limit, lift } = await host(stack);
  await limit();
  expect(await statusOf()).toBe('APPLIED');

  for (let round = 0; round < 3; round += 1) {
    clock.nowMs += 40_000;
    expect(await sample()).toBe(false);
  }
  clock.nowMs += 40_000;
  expect(await statusOf()).toBe('APPLIED');
  expect(tc.asked).toBe(0);

  await lift();
  expect(await sample()).toBe(true);
  expect(await statusOf()).toBe('FAILED');
  expect(tc.asked).toBe(1);
});

it('what was read between two samples that are alike is not confirmed by their being alike', async () => {
  await using stack = new AsyncDisposableStack();
  const { sample, statusOf, limit, lift } = await host(stack);
  expect(await sample()).toBe(false);
  await limit();
  expect(await statusOf()).toBe('APPLIED');

  await lift();

  expect(await sample()).toBe(true);
  expect(await statusOf()).toBe('FAILED');
});

it('a limit that has not moved is the very same object, one that begins anew or cannot be read is not', async () => {
  await using stack = new AsyncDisposableStack();
  const { counted, limit, lift } = await host(stack);
  expect(await counted()).toBeUndefined();

  await limit();
  const first = await counted();
  expect(first).toMatchObject({ packets: 0n, bytes: 0n, beganMs: null });
  expect(await counted()).toBe(first);

  await lift();
  expect(await counted()).toBeUndefined();
  await limit();
  expect(await counted()).toEqual(first);
});
