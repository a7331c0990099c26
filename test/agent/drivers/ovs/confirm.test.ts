import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Aim, OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { BridgeLinks } from '../../../../agent/drivers/ovs/bridgeLinks.ts';
import { deviceKey } from '../../../../agent/drivers/ovs/judge.ts';
import { LimitReader } from '../../../../agent/drivers/ovs/readBack.ts';
import { type DeviceQuestion, TcReader } from '../../../../agent/drivers/ovs/tc.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';
import { runIn } from '../../../../scripts/lab/command.ts';
import { deleteNetns, ensureNetns } from '../../../../scripts/lab/netns.ts';

/** Counts what it is asked. */
class CountingTc extends TcReader {
  asked = 0;

  override ask(questions: readonly DeviceQuestion[]): Promise<readonly string[]> {
    this.asked += questions.length;
    return super.ask(questions);
  }
}

const device = { name: 'lo', ifindex: 1 };
const question = { device, show: 'classes' } as const;
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

it('what a sample of usage shows is not asked for again; what it shows to be gone is', async () => {
  await using stack = new AsyncDisposableStack();
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
  let nowMs = 0;
  const reader = new LimitReader({ tc, links, nowMs: () => nowMs });
  const sample = async () => {
    const [text = ''] = await tc.ask([question]);
    tc.asked = 0;
    return new Map([[deviceKey(device, 'classes'), text]]);
  };
  const statusOf = async () => (await reader.read(plan, new Map())).results[0]?.status;
  await runIn(netns, 'tc', ['qdisc', 'add', 'dev', 'lo', 'root', 'handle', '1:', 'htb']);
  const shape = ['rate', '12kbit', 'ceil', '10mbit', 'burst', '1563', 'cburst', '1000000'];
  await runIn(netns, 'tc', [
    ...['class', 'add', 'dev', 'lo', 'parent', '1:', 'classid', '1:1', 'htb'],
    ...shape,
  ]);
  expect(await statusOf()).toBe('APPLIED');

  nowMs += 40_000;
  expect(reader.confirm([aim], await sample())).toBe(false);
  nowMs += 40_000;
  expect(await statusOf()).toBe('APPLIED');
  expect(tc.asked).toBe(0);

  await runIn(netns, 'tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
  expect(reader.confirm([aim], await sample())).toBe(true);
  expect(await statusOf()).toBe('FAILED');
  expect(tc.asked).toBe(1);
});
