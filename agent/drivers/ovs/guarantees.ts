import { NamedUuid } from '../../ovsdb/notation.ts';
import { type AimHead, type Check, change, type OvsChange } from './aims.ts';
import type { HostCapabilities } from './capabilities.ts';
import { type Guarantee, rootKbps } from './guarantee.ts';
import {
  attachRoot,
  createQueue,
  createRoot,
  detachRoot,
  holdsQueue,
  holdsRoot,
  qosName,
  removeQueue,
  removeRoot,
  updateQueue,
  updateRoot,
} from './guaranteeRows.ts';
import type { OvsObservation } from './observe.ts';
import type { PhysicalPort, PhysicalQos, PhysicalQueue } from './physicalPorts.ts';
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
  readonly checks: ReadonlyMap<string, readonly Check[]>;
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly queueIds: ReadonlyMap<string, number>;
}

/** A wish on one physical port. */
interface Wanted {
  readonly wish: GuaranteeWish;
  readonly queueId: number;
  readonly kbps: number;
}

type OurQos = Extract<PhysicalQos, { owner: 'sluice' }>;

/** Queues on physical ports: what is missing is made, what differs changes in place, what is left over goes. */
export function planGuarantees(
  wishes: readonly GuaranteeWish[],
  /** Ports whose queues are to stay as they are. */
  kept: ReadonlySet<string | null>,
  { host, lost, sharedPorts }: OvsObservation,
): PlannedGuarantees {
  const idOf = queueIdsOf(sharedPorts);
  const queueIds = new Map(wishes.map(({ head }) => [head.portId, idOf(head.portId)]));
  const draft = new Draft();
  const physicalPorts = new Map(
    [...sharedPorts, ...wishes.flatMap(({ guarantee }) => guarantee.physicalPorts)].map(
      (physical) => [physical.port._uuid, physical],
    ),
  );
  for (const physical of physicalPorts.values()) {
    const wanted = wishes.flatMap((wish): Wanted[] => {
      const { kbps, physicalPorts: on } = wish.guarantee;
      const queueId = queueIds.get(wish.head.portId);
      const isOn = on.some(({ port }) => port._uuid === physical.port._uuid);
      return isOn && queueId !== undefined ? [{ wish, queueId, kbps }] : [];
    });
    planPort(draft, physical, wanted, { host, isLost: lost.has(physical.port._uuid), kept });
  }
  return { ...draft, queueIds };
}

interface Circumstances {
  readonly host: HostCapabilities;
  readonly isLost: boolean;
  readonly kept: ReadonlySet<string | null>;
}

class Draft {
  readonly changes: OvsChange[] = [];
  readonly checks = new Map<string, Check[]>();
  readonly notes = new Map<string, string[]>();
}

function planPort(
  draft: Draft,
  physical: PhysicalPort,
  wanted: readonly Wanted[],
  { host, isLost, kept }: Circumstances,
): void {
  const ours = physical.qos.owner === 'sluice' ? physical.qos : null;
  const stray = ours === null ? [] : strayQueues(ours, wanted, kept);
  const [first] = wanted;
  if (first) {
    const mostKbps = rootKbps(physical, host);
    draft.changes.push(...planRoot(physical, first, mostKbps, isLost));
    for (const each of wanted) planQueue(draft, physical, each, mostKbps);
    sayWhatIsShort(draft, physical, wanted, mostKbps);
  } else if (ours && stray.length === ours.queues.filter(({ portId }) => portId !== null).length) {
    draft.changes.push(removal(physical, stray[0]?.portId ?? null, removeRoot(physical, ours)));
  }
  for (const queue of stray) {
    if (!ours || queue.portId === null) continue;
    draft.changes.push(removal(physical, queue.portId, removeQueue(ours, queue)));
    listIn(draft.checks, queue.portId).push(
      ...physical.devices.map(
        (device) => ({ kind: 'guaranteeAbsent', device, queueId: queue.queueId }) as const,
      ),
    );
  }
}

/** Sluice's queues that nobody asks for any more. */
function strayQueues(
  { queues }: OurQos,
  wanted: readonly Wanted[],
  kept: ReadonlySet<string | null>,
): PhysicalQueue[] {
  return queues.filter(
    ({ portId, queueId }) =>
      portId !== null &&
      !kept.has(portId) &&
      !wanted.some(({ wish, queueId: id }) => wish.head.portId === portId && id === queueId),
  );
}

function planRoot(
  physical: PhysicalPort,
  { wish: { head } }: Wanted,
  mostKbps: number,
  isLost: boolean,
): OvsChange[] {
  const { bridge, port, qos } = physical;
  const sentence = `${bridge}: share ${port.name} by linux-htb, ${mostKbps} kbit/s in all.`;
  const make = (steps: Partial<OvsChange>) => [
    change({ ...head, mechanism: 'linux_htb', sentence }, { settles: true, ...steps }),
  ];
  if (qos.owner !== 'sluice') {
    const name = qosName(physical);
    return name instanceof NamedUuid ? make({ secure: createRoot(physical, name, mostKbps) }) : [];
  }
  const secure = holdsRoot(qos, mostKbps) ? [] : updateRoot(qos, mostKbps);
  if (isLost) {
    return make({
      clear: detachRoot(physical, qos),
      secure: [...attachRoot(physical, qos), ...secure],
    });
  }
  return secure.length > 0 ? make({ secure }) : [];
}

function planQueue(
  draft: Draft,
  physical: PhysicalPort,
  { wish: { head, slot }, queueId, kbps }: Wanted,
  mostKbps: number,
): void {
  listIn(draft.checks, head.portId).push(
    ...physical.devices.map(
      (device) =>
        ({
          kind: 'guarantee',
          device,
          bridge: physical.bridge,
          row: physical.port._uuid,
          queueId,
          minKbps: kbps,
          maxKbps: mostKbps,
        }) as const,
    ),
  );
  const { portId } = head;
  const queues = physical.qos.owner === 'sluice' ? physical.qos.queues : [];
  const now = queues.find((queue) => queue.queueId === queueId && queue.portId === portId);
  if (now && holdsQueue(now, kbps)) return;
  const secure = now
    ? updateQueue(now, kbps)
    : createQueue(physical, qosName(physical), { queueId, portId, kbps });
  const sentence = `${physical.bridge}: guarantee ${kbps} kbit/s on ${physical.port.name} to what comes from ${slot.interface.name}, by queue ${queueId}.`;
  draft.changes.push(
    change({ ...head, mechanism: 'linux_htb', sentence }, { settles: true, secure }),
  );
}

/** No guarantee holds for sure where their sum is more than there is. */
function sayWhatIsShort(
  { notes }: Draft,
  { port, linkKbps }: PhysicalPort,
  wanted: readonly Wanted[],
  mostKbps: number,
): void {
  const totalKbps = wanted.reduce((sum, { kbps }) => sum + kbps, 0);
  const short = [
    ...(linkKbps !== null && totalKbps > linkKbps
      ? [`${totalKbps} kbit/s are guaranteed on ${port.name}, whose link carries ${linkKbps}.`]
      : []),
    ...(linkKbps !== null && mostKbps < linkKbps
      ? [`linux-htb holds ${port.name} to ${mostKbps} kbit/s of the ${linkKbps} of its link.`]
      : []),
  ];
  for (const { wish } of wanted) listIn(notes, wish.head.portId).push(...short);
}

function removal(
  { bridge, port }: PhysicalPort,
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
