import type { PortLimitFieldsFragment as PortLimit } from '../../../schema/generated/graphql.ts';
import { type Aim, type AimHead, change, failed, type OvsChange, type Planned } from './aims.ts';
import { create, holds, htbRows, release, updateInPlace } from './htbRows.ts';
import { type Bucket, hasKbps, hasKpps, kbpsBucket, queueBounds } from './limits.ts';
import type { Circumstances } from './observe.ts';
import type { Slot, SlotQos } from './ports.ts';

/** Interface types that are devices of the kernel's with a queue (ovs-vswitchd.conf.db(5)). */
const queuedTypes = ['', 'system', 'tap'];
const defaultMtu = 1500;

/** INGRESS: what reaches the guest leaves the switch by its port, through a linux-htb queue there. */
export function planIngress(
  head: AimHead,
  slot: Slot,
  limit: PortLimit | null,
  observed: Circumstances,
): Planned {
  if (limit === null) return planRemoval(head, slot);
  const obstacle = findObstacle(slot, limit, observed);
  if (obstacle) return { aim: failed(head, obstacle), changes: planRemoval(head, slot).changes };
  if (!hasKbps(limit)) {
    const message = ['Nothing of this rule can be enforced.', ...beyondHtb(limit)].join(' ');
    return { aim: failed(head, message), changes: planRemoval(head, slot).changes };
  }
  const mtu = slot.interface.mtu ?? defaultMtu;
  const bounds = queueBounds(limit.maxKbps, observed.host.ovsVersion);
  const bucket = kbpsBucket(limit, mtu, bounds);
  const notes = [...bucket.notes, ...beyondHtb(limit)];
  return {
    aim: htbAim(head, slot, bucket, notes),
    changes: changesFor(head, slot, bucket, observed),
  };
}

function findObstacle(slot: Slot, limit: PortLimit, observed: Circumstances): string | null {
  const { name, type } = slot.interface;
  if (!queuedTypes.includes(type)) {
    return `Interface ${name} is of type ${type}, which has no kernel queue: INGRESS cannot be limited there.`;
  }
  if (slot.port.interfaces.size > 1) {
    return `Port ${slot.port.name} bonds ${slot.port.interfaces.size} interfaces; its queue would limit them all.`;
  }
  if (observed.host.tcHtb === false) return 'This kernel has no htb queue.';
  return slot.qos.owner === 'other' && hasKbps(limit) ? describeForeign(slot, slot.qos) : null;
}

function describeForeign(slot: Slot, { row }: Extract<SlotQos, { owner: 'other' }>): string {
  const config = [...row.other_config].map(([key, value]) => `${key}=${value}`).join(', ');
  return (
    `Port ${slot.port.name} has a QoS that is not Sluice's (${row._uuid}, type ${row.type}` +
    `${config ? `, ${config}` : ''}); it is left as it is.`
  );
}

/** What a rule may ask for and a queue cannot give. */
function beyondHtb(limit: PortLimit): string[] {
  const beyond: string[] = [];
  if (hasKpps(limit)) beyond.push('maxKpps is not enforced: a queue does not count packets.');
  if (limit.minKbps !== null) {
    beyond.push(
      'minKbps is not enforced on INGRESS: what reaches a port passes one queue, where nothing competes.',
    );
  }
  if (limit.dscpMark !== null) beyond.push('dscpMark is not enforced on INGRESS.');
  return beyond;
}

function htbAim(head: AimHead, slot: Slot, bucket: Bucket, notes: readonly string[]): Aim {
  const { name, ifindex } = slot.interface;
  return {
    ...head,
    kind: 'enforced',
    programmed: { mechanism: 'linux_htb', maxKbps: bucket.rate, maxBurstKbps: bucket.burst },
    notes,
    checks: [
      {
        kind: 'htb',
        device: { name, ifindex },
        bridge: slot.bridge.name,
        row: slot.port._uuid,
        rateKbps: bucket.rate,
        burstKbps: bucket.burst,
      },
    ],
  };
}

function changesFor(
  head: AimHead,
  slot: Slot,
  bucket: Bucket,
  observed: Circumstances,
): readonly OvsChange[] {
  const rows = htbRows(head.portId, bucket);
  const sentence = `${slot.bridge.name}: hold what reaches ${slot.interface.name} to ${bucket.rate} kbit/s, burst ${bucket.burst} kbit, by linux-htb.`;
  const make = (steps: Partial<OvsChange>) => [
    change({ ...head, mechanism: 'linux_htb', sentence }, { settles: true, ...steps }),
  ];
  if (slot.qos.owner !== 'sluice' || slot.qos.isBorrowed) {
    return make({ secure: create(slot, rows) });
  }
  if (observed.lost.has(slot.port._uuid)) {
    return make({ clear: release(slot, slot.qos), secure: create(slot, rows) });
  }
  return holds(slot.qos, rows) ? [] : make({ secure: updateInPlace(slot, slot.qos, rows) });
}

function planRemoval(head: AimHead, slot: Slot): Planned {
  if (slot.qos.owner !== 'sluice') return { aim: null, changes: [] };
  const { name, ifindex } = slot.interface;
  const sentence = `${slot.bridge.name}: no longer limit what reaches ${name}.`;
  return {
    aim: { ...head, kind: 'removed', checks: [{ kind: 'htbAbsent', device: { name, ifindex } }] },
    changes: [
      change(
        { ...head, mechanism: 'linux_htb', sentence },
        { settles: true, release: release(slot, slot.qos) },
      ),
    ],
  };
}
