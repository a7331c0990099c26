import { expect } from 'vitest';
import type { Desired } from '../../../../agent/drivers/driver.ts';
import type { OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { planOvs } from '../../../../agent/drivers/ovs/plan.ts';
import { desire } from './fixture.ts';
import { id, ids, observe, onePort, type World } from './world.ts';

export const A = 'aaaaaaaa-0000-0000-0000-000000000001';
export const B = 'bbbbbbbb-0000-0000-0000-000000000002';

export function plan(desired: Desired, world: World): OvsPlan {
  const observed = observe(world);
  if (!observed) throw new Error('The world is not known in full.');
  return planOvs(desired, observed);
}

export function aim(of: OvsPlan, direction: 'EGRESS' | 'INGRESS', portId = A) {
  return of.aims.find((each) => each.portId === portId && each.direction === direction);
}

/** A regular expression in toMatchObject would match anything. */
export const says = (sentence: RegExp) => expect.stringMatching(sentence);

export const egress = desire({ [A]: { EGRESS: { maxKbps: 1_000 } } });
export const ingress = desire({ [A]: { INGRESS: { maxKbps: 1_000 } } });

/** The switch after `egress` was enforced. */
export const metered: World = (() => {
  const [change] = plan(egress, onePort(A)).changes;
  const flows = change!.put.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
  const meters = change!.put.flatMap((write) => (write.kind === 'addMeter' ? [write.meter] : []));
  const key = `sluice-meter-kbps-${A}`;
  const { br0 } = onePort(A).Bridge!;
  const recorded = { ...br0, external_ids: ids({ [key]: String(meters[0]!.id) }) };
  return { ...onePort(A), flows, meters, Bridge: { br0: recorded } };
})();

/** The switch after `ingress` was enforced. */
export const queued: World = {
  ...onePort(A),
  Port: { p1: { name: 'p1', interfaces: [id('i1')], qos: id('qos1') } },
  QoS: {
    qos1: {
      type: 'linux-htb',
      queues: new Map([[0, id('queue1')]]),
      other_config: ids({ 'max-rate': '34359738000' }),
      external_ids: ids({ 'sluice-port': A }),
    },
  },
  Queue: {
    queue1: {
      other_config: ids({ 'max-rate': '1000000', burst: '800000' }),
      external_ids: ids({ 'sluice-port': A }),
    },
  },
};
