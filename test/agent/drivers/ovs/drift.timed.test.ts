import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desired } from '../../../../agent/drivers/driver.ts';
import { runIn } from '../../../../scripts/lab/command.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { leftovers, nothingLeft, readSwitch } from '../../../support/readSwitch.ts';
import { desire, startDriver, type TestDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;
let limited: Desired;

beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  limited = desire({
    [guest.portId]: {
      EGRESS: { maxKbps: 10_000, dscpMark: 10 },
      INGRESS: { maxKbps: 20_000 },
    },
  });
});
afterEach(() => ovs?.stop());

/** What a reconciler does: a round whenever the driver announces something. */
function follow(test: TestDriver, desired: Desired): Following {
  const mended: string[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let isOver = false;
  test.driver.onChange(() => {
    running = running
      .then(() => (isOver ? undefined : round(test, desired, mended)))
      .catch(() => undefined); // The switch is away: its return is announced.
  });
  return {
    mended,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await running;
    },
  };
}

interface Following extends AsyncDisposable {
  /** What was changed, a sentence each. */
  readonly mended: readonly string[];
}

async function round({ driver }: TestDriver, desired: Desired, mended: string[]): Promise<void> {
  const observed = await driver.observe();
  if (!observed) return;
  const plan = driver.plan(desired, observed);
  if (plan.changes.length > 0) await driver.apply(plan);
  mended.push(...plan.changes.map(({ sentence }) => sentence));
  await driver.readBack(plan);
}

async function isLimited(timeoutMs = 5_000): Promise<void> {
  await eventually(
    async () => {
      const enforced = (await readSwitch(ovs, 'br0')).get(guest.portId);
      expect(enforced).toEqual({ egressKbps: 10_000, ingressKbps: 20_000 });
      const classes = await runIn(ovs.netns, 'tc', ['class', 'show', 'dev', guest.interfaceName]);
      expect(classes).toMatch(/1:1 .*ceil 20Mbit/);
      expect(await ovs.ofctl('dump-flows', 'br0')).toMatch(/ip_dscp/);
    },
    { timeoutMs, intervalMs: 100 },
  );
}

/** The agent's word. Meters and flows are compared every second. */
const inTime = { timeoutMs: 2_000 };

/** Everything that limits, as the switch's own tools show it, without what counts. */
async function everything(): Promise<string> {
  const parts = await Promise.all([
    ovs.ofctl('--no-stats', 'dump-flows', 'br0'),
    ovs.ofctl('dump-meters', 'br0'),
    runIn(ovs.netns, 'tc', ['class', 'show', 'dev', guest.interfaceName]),
    ovs.vsctl('--columns=type,other_config', 'list', 'QoS'),
    ovs.vsctl('--columns=other_config', 'list', 'Queue'),
  ]);
  return parts.join('').split('\n').sort().join('\n');
}

describe('limits that somebody removes come back', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['flows', () => ovs.ofctl('del-flows', 'br0', 'in_port=1')],
    ['a flow’s actions', () => ovs.ofctl('mod-flows', 'br0', 'ip,in_port=1,actions=normal')],
    ['meters, with their flows', () => ovs.ofctl('del-meters', 'br0')],
    [
      'a meter’s rate',
      () => ovs.ofctl('mod-meter', 'br0', 'meter=131073,kbps,band=type=drop,rate=5'),
    ],
    ['Port.qos', () => ovs.vsctl('clear', 'Port', guest.interfaceName, 'qos')],
    [
      'the QoS',
      () => ovs.vsctl('--all', 'destroy', 'QoS', '--', 'clear', 'Port', guest.interfaceName, 'qos'),
    ],
    [
      'the queue’s rate',
      async () => {
        const queue = (await ovs.vsctl('--columns=_uuid', '--bare', 'list', 'Queue')).trim();
        await ovs.vsctl('set', 'Queue', queue, 'other_config:max-rate=99000');
      },
    ],
  ])('%s, within 2 s', async (_what, remove) => {
    await using test = startDriver(ovs);
    await test.enforce(limited);
    const before = await everything();
    await using following = follow(test, limited);
    await remove();
    await eventually(async () => expect(await everything()).toBe(before), inTime);
    await eventually(() => expect(following.mended).not.toEqual([]));
  });

  it('a meter whose record is gone is somebody else’s from then on', async () => {
    await using test = startDriver(ovs);
    await test.enforce(limited);
    await using _following = follow(test, limited);
    await ovs.vsctl('clear', 'Bridge', 'br0', 'external_ids');
    await eventually(async () => {
      expect(await ovs.vsctl('get', 'Bridge', 'br0', 'external_ids')).toContain('131074');
      expect(await ovs.ofctl('dump-flows', 'br0')).toContain('meter:131074');
    });
    expect(await ovs.ofctl('dump-meters', 'br0')).toContain('meter=131073');
    await isLimited();
  });

  it('a qdisc that somebody deletes or changes in the kernel, each time, within 2 s', async () => {
    await using test = startDriver(ovs);
    await using following = follow(test, limited);
    await test.enforce(limited);
    const before = await everything();
    const queueAt = (mbit: number, cburst: string) =>
      `class change dev ${guest.interfaceName} parent 1:fffe classid 1:1 htb rate 12kbit ceil ${mbit}mbit cburst ${cburst}`;
    for (const command of [
      `qdisc del dev ${guest.interfaceName} root`,
      `qdisc del dev ${guest.interfaceName} root`,
      queueAt(90, '2000000'),
      queueAt(20, '9000'),
      queueAt(20, '9000'),
    ]) {
      const earlier = following.mended.length;
      await runIn(ovs.netns, 'tc', command.split(' '));
      await eventually(async () => expect(await everything()).toBe(before), inTime);
      await eventually(() =>
        expect(following.mended.slice(earlier)).toEqual([expect.stringContaining('by linux-htb')]),
      );
    }
  });

  it('a qdisc that somebody deleted in the kernel while nobody listened, at the next look', async () => {
    {
      await using test = startDriver(ovs);
      await test.enforce(limited);
    }
    await runIn(ovs.netns, 'tc', ['qdisc', 'del', 'dev', guest.interfaceName, 'root']);
    await using later = startDriver(ovs);
    const [missing] = await later.enforce(limited);
    expect(missing).toMatchObject({ direction: 'INGRESS', status: 'FAILED' });
    expect(missing?.message).toMatch(/kernel has none on guest1/);
    expect(later.announced()).toBeGreaterThan(0);
    const [mended] = await later.enforce(limited);
    expect(mended).toMatchObject({ direction: 'INGRESS', status: 'APPLIED' });
    await isLimited();
  });
});

describe('limits survive', () => {
  it('unplugging and plugging in again, also on another OpenFlow port', async () => {
    await using test = startDriver(ovs);
    await test.enforce(limited);
    await using _following = follow(test, limited);
    await ovs.unplug(guest);
    await eventually(async () => {
      expect(await leftovers(ovs, 'br0')).toEqual(nothingLeft);
    });
    await ovs.plug(guest);
    await isLimited();
    await ovs.vsctl('set', 'Interface', guest.interfaceName, 'ofport_request=77');
    await eventually(async () => {
      expect((await ovs.vsctl('get', 'Interface', guest.interfaceName, 'ofport')).trim()).toBe(
        '77',
      );
      expect(await ovs.ofctl('dump-flows', 'br0', 'in_port=77')).toMatch(/meter:/);
      expect(await ovs.ofctl('dump-flows', 'br0', 'in_port=1')).not.toMatch(/meter:/);
    });
  });
});
