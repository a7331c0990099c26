import { type AimHead, type Check, change, type OvsChange } from './aims.ts';
import { type Guarantee, rootKbps } from './guarantee.ts';
import {
  attachRoot,
  createQueue,
  createRoot,
  detachRoot,
  holdsQueue,
  holdsRoot,
  newQosName,
  removeQueue,
  removeRoot,
  updateQueue,
  updateRoot,
} from './guaranteeRows.ts';
import type { OvsObservation } from './observe.ts';
import type { PhysicalPort, SharedQos, SharedQueue } from './physicalPorts.ts';
import type { PlanMemory } from './planMemory.ts';
import type { Slot } from './ports.ts';
import { queueIdsOf } from './queueIds.ts';

/** One port whose traffic is guaranteed a rate on its way out. */
export interface GuaranteeWish {
  readonly head: AimHead;
  readonly slot: Slot;
  readonly guarantee: Guarantee;
}

export interface PlannedGuarantees {
  readonly changes: readonly OvsChange[];
  /** What is to be read back, what came out different, and the queue of each port: by port id. */
  readonly checks: ReadonlyMap<string, readonly (readonly Check[])[]>;
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly queueIds: ReadonlyMap<string, number>;
}

/** A wish on one physical port. */
interface Wanted {
  readonly wish: GuaranteeWish;
  readonly queueId: number;
  readonly kbps: number;
}

/** Queues on physical ports: what is missing is made, what differs changes in place, what is left over goes. */
export function planGuarantees(
  wishes: readonly GuaranteeWish[],
  /** Ports whose queues are to stay as they are. */
  kept: ReadonlySet<string | null>,
  { host, lost, shared }: OvsObservation,
  memory: PlanMemory,
): PlannedGuarantees {
  const idOf = queueIdsOf(shared);
  const queueIds = new Map(wishes.map(({ head: { portId } }) => [portId, idOf(portId)]));
  const draft = new Draft();
  for (const physical of physicalPortsOf(wishes, shared)) {
    const wanted = wishes.flatMap((wish): Wanted[] => {
      const { kbps, physicalPorts } = wish.guarantee;
      const queueId = queueIds.get(wish.head.portId);
      const isOn = physicalPorts.some(({ port }) => port._uuid === physical.port._uuid);
      return isOn && queueId !== undefined ? [{ wish, queueId, kbps }] : [];
    });
    const found = shared.find(({ on }) => on.port._uuid === physical.port._uuid) ?? null;
    const borrowed = found?.isBorrowed ? found : null;
    const now = borrowed ? null : found;
    const isLost = lost.has(physical.port._uuid);
    const mostKbps = rootKbps(physical, host);
    provide(draft, { physical, now, borrowed, mostKbps, isLost }, wanted, memory);
    if (now) release(draft, now, wanted, kept);
    if (borrowed && wanted.length === 0) {
      draft.changes.push(removal(borrowed, null, detachRoot(borrowed)));
    }
  }
  return { ...draft, queueIds };
}

class Draft {
  readonly changes: OvsChange[] = [];
  readonly checks = new Map<string, (readonly Check[])[]>();
  readonly notes = new Map<string, string[]>();
}

/** A physical port with what Sluice has on it. */
interface Site {
  readonly physical: PhysicalPort;
  readonly now: SharedQos | null;
  /** Another port's, that it is pointed at. */
  readonly borrowed: SharedQos | null;
  readonly mostKbps: number;
  readonly isLost: boolean;
}

/** Where guarantees are, or are to be. */
function physicalPortsOf(
  wishes: readonly GuaranteeWish[],
  shared: readonly SharedQos[],
): Iterable<PhysicalPort> {
  const wanted = wishes.flatMap(({ guarantee }) => guarantee.physicalPorts);
  const ports = [...shared.map(({ on }) => on), ...wanted];
  return new Map(ports.map((physical) => [physical.port._uuid, physical])).values();
}

function provide(
  draft: Draft,
  site: Site,
  wanted: readonly Wanted[],
  { checks }: PlanMemory,
): void {
  const { physical, mostKbps } = site;
  const [first] = wanted;
  if (!first) return;
  draft.changes.push(...provideRoot(site, first));
  for (const each of wanted) {
    draft.changes.push(...provideQueue(site, each));
    const { portId } = each.wish.head;
    const key = `${portId} on ${physical.port._uuid}`;
    const inputs = [physical, mostKbps, each.queueId, each.kbps];
    listIn(draft.checks, portId).push(checks.answer(key, inputs, () => present(site, each)));
    listIn(draft.notes, portId).push(...shortage(site, wanted));
  }
}

/** The change is the first port's: it is nobody's alone. */
function provideRoot(
  { physical, now, borrowed, mostKbps, isLost }: Site,
  { wish: { head } }: Wanted,
): OvsChange[] {
  const { bridge, port } = physical;
  const sentence = `${bridge}: share ${port.name} by linux-htb, ${mostKbps} kbit/s in all.`;
  const make = (steps: Partial<OvsChange>) => [
    change({ ...head, mechanism: 'linux_htb', sentence }, { settles: true, ...steps }),
  ];
  if (!now) {
    return make({ secure: createRoot(physical, mostKbps, borrowed?.row._uuid ?? null) });
  }
  const update = holdsRoot(now, mostKbps) ? [] : updateRoot(now, mostKbps);
  if (isLost) return make({ clear: detachRoot(now), secure: [...attachRoot(now), ...update] });
  return update.length > 0 ? make({ secure: update }) : [];
}

function provideQueue(
  { physical, now }: Site,
  { wish: { head, slot }, queueId, kbps }: Wanted,
): OvsChange[] {
  const { bridge, port } = physical;
  const { portId } = head;
  const queue = now?.queues.find((each) => each.queueId === queueId && each.portId === portId);
  if (queue && holdsQueue(queue, kbps)) return [];
  const secure = queue
    ? updateQueue(queue, kbps)
    : createQueue(physical, now?.row._uuid ?? newQosName(physical), { queueId, portId, kbps });
  const sentence = `${bridge}: guarantee ${kbps} kbit/s on ${port.name} to what comes from ${slot.interface.name}, by queue ${queueId}.`;
  return [change({ ...head, mechanism: 'linux_htb', sentence }, { settles: true, secure })];
}

function present({ physical, mostKbps }: Site, { queueId, kbps }: Wanted): Check[] {
  const { bridge, port, devices } = physical;
  return devices.map((device) => ({
    kind: 'guarantee',
    device,
    bridge,
    row: port._uuid,
    queueId,
    minKbps: kbps,
    maxKbps: mostKbps,
  }));
}

/** Sluice's queues that nobody asks for any more, and with the last of them the QoS. */
function release(
  draft: Draft,
  now: SharedQos,
  wanted: readonly Wanted[],
  kept: ReadonlySet<string | null>,
): void {
  const isWanted = ({ portId, queueId }: SharedQueue) =>
    wanted.some(({ wish, queueId: id }) => wish.head.portId === portId && id === queueId);
  const ours = now.queues.filter(({ portId }) => portId !== null);
  const stray = ours.filter((queue) => !kept.has(queue.portId) && !isWanted(queue));
  if (wanted.length === 0 && stray.length === ours.length) {
    draft.changes.push(removal(now, stray[0]?.portId ?? null, removeRoot(now)));
  }
  for (const queue of stray) {
    draft.changes.push(removal(now, queue.portId, removeQueue(now, queue)));
    listIn(draft.checks, queue.portId ?? '').push(absent(now, queue));
  }
}

function absent({ on: { devices } }: SharedQos, { queueId }: SharedQueue): Check[] {
  return devices.map((device) => ({ kind: 'guaranteeAbsent', device, queueId }));
}

/** No guarantee holds for sure where their sum is more than there is. */
function shortage(
  { physical: { port, linkKbps }, mostKbps }: Site,
  wanted: readonly Wanted[],
): string[] {
  if (linkKbps === null) return [];
  const totalKbps = wanted.reduce((sum, { kbps }) => sum + kbps, 0);
  return [
    ...(totalKbps > linkKbps
      ? [`${totalKbps} kbit/s are guaranteed on ${port.name}, whose link carries ${linkKbps}.`]
      : []),
    ...(mostKbps < linkKbps
      ? [`linux-htb holds ${port.name} to ${mostKbps} kbit/s of the ${linkKbps} of its link.`]
      : []),
  ];
}

function removal(
  { on: { bridge, port } }: SharedQos,
  portId: string | null,
  release: OvsChange['release'],
): OvsChange {
  const whom = portId === null ? '' : ` to port ${portId}`;
  const sentence = `${bridge}: no longer guarantee anything on ${port.name}${whom}.`;
  const head = { portId, direction: 'EGRESS', mechanism: 'linux_htb', sentence } as const;
  return change(head, { settles: true, release });
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
