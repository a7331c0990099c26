import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
  PortQosFieldsFragment as PortQos,
} from '../../../schema/generated/graphql.ts';
import type { Desired } from '../driver.ts';
import {
  type Aim,
  type AimHead,
  type Check,
  failed,
  type OvsChange,
  type OvsPlan,
  type Planned,
  type PlannedEgress,
} from './aims.ts';
import { decideEgress, type EgressAim } from './egress.ts';
import { type FlowWish, planFlows } from './egressFlows.ts';
import { foreignPolicing, planPolicing, planPolicingRemoval } from './egressPolicing.ts';
import { type GuaranteeWish, planGuarantees } from './guarantees.ts';
import { meterRecords, policingMark, portMark } from './ids.ts';
import { planIngress } from './ingressHtb.ts';
import type { BridgeView, OvsObservation } from './observe.ts';
import { removeOrphans } from './orphans.ts';
import { isPlugged, type Slot } from './ports.ts';

/** Everything that a plan gathers on its way over the ports. */
interface Draft {
  readonly observed: OvsObservation;
  readonly changes: OvsChange[];
  readonly aims: Aim[];
  /** What is to be read back for EGRESS, and what came out different beside the port's own: by port id. */
  readonly egressChecks: Map<string, Check[]>;
  readonly egressNotes: Map<string, readonly string[]>;
  readonly egress: EgressWish[];
  /** Slots of ports that are to stay as they are. */
  readonly kept: Slot[];
}

/** A port whose EGRESS takes more than columns of its own. */
interface EgressWish {
  readonly head: AimHead;
  readonly slot: Slot;
  readonly aim: EgressAim;
}

/** What would make the switch as desired (invariant 7). Pure; nothing to change is an empty list of changes. */
export function planOvs(desired: Desired, observed: OvsObservation): OvsPlan {
  const draft: Draft = {
    observed,
    changes: [],
    aims: [],
    egressChecks: new Map(),
    egressNotes: new Map(),
    egress: [],
    kept: [],
  };
  const slotsByPort = Map.groupBy(observed.slots, ({ portId }) => portId);
  for (const wanted of desired.values()) {
    planPort(draft, wanted, slotsByPort.get(wanted.portId) ?? []);
  }
  for (const slot of observed.slots) {
    if (slot.portId === null || !desired.has(slot.portId)) planUndesired(draft, slot);
  }
  planBridges(draft, planWaysOut(draft));
  draft.changes.push(...removeOrphans(observed.orphans));
  return { changes: draft.changes, aims: finishAims(draft) };
}

function planPort(draft: Draft, wanted: PortQos, slots: readonly Slot[]): void {
  const [slot, ...others] = slots;
  if (others.length > 0) {
    draft.kept.push(...slots);
    const names = slots
      .map((each) => each.interface.name)
      .sort()
      .join(' and ');
    const message = `Interfaces ${names} both carry this port's id; only one may.`;
    draft.aims.push(...headsOf(wanted).map((head) => failed(head, message)));
  } else if (slot && isPlugged(slot)) {
    planPlugged(draft, wanted, slot);
  } else {
    if (slot) planUnplugged(draft, wanted, slot);
    draft.aims.push(...headsOf(wanted).map((head) => waiting(head, slot)));
  }
}

function planPlugged(draft: Draft, wanted: PortQos, slot: Slot): void {
  const ingressHead = headOf(wanted.portId, 'INGRESS', wanted.ingress);
  addIngress(draft, planIngress(ingressHead, slot, wanted.ingress, draft.observed));
  const egressHead = headOf(wanted.portId, 'EGRESS', wanted.egress);
  if (wanted.egress) planEgress(draft, egressHead, slot, wanted.egress);
  else releasePolicing(draft, egressHead, slot);
}

function planEgress(draft: Draft, head: AimHead, slot: Slot, limit: PortLimit): void {
  const view = draft.observed.bridges.get(slot.bridge.name);
  if (!view) return;
  if (view.openflow.state === 'refused') draft.kept.push(slot);
  const aim = decideEgress(slot, limit, view, draft.observed.host);
  if ('impossible' in aim) {
    draft.aims.push(failed(head, aim.impossible));
    releasePolicing(draft, head, slot);
    return;
  }
  const foreign = aim.policing && foreignPolicing(slot, aim.policing);
  if (foreign) {
    draft.aims.push(failed(head, foreign));
    return;
  }
  draft.aims.push({ ...head, kind: 'enforced', checks: [], ...aim });
  if (aim.policing) {
    addEgress(draft, head, planPolicing(head, slot, aim.policing, draft.observed));
  } else releasePolicing(draft, head, slot);
  draft.egress.push({ head, slot, aim });
}

/** Somebody still has an interface for the port, but Open vSwitch could not open it. */
function planUnplugged(draft: Draft, wanted: PortQos, slot: Slot): void {
  if (!wanted.ingress) {
    const head = headOf(wanted.portId, 'INGRESS', null);
    addIngress(draft, planIngress(head, slot, null, draft.observed));
  }
  if (!wanted.egress) releasePolicing(draft, headOf(wanted.portId, 'EGRESS', null), slot);
}

/** Nobody asks for anything here: what is Sluice's goes, under the port that it was made for. */
function planUndesired(draft: Draft, slot: Slot): void {
  const marked = slot.qos.owner === 'sluice' ? slot.qos.row.external_ids.get(portMark) : undefined;
  const ingressHead = headOf(slot.portId ?? marked ?? '', 'INGRESS', null);
  addIngress(draft, planIngress(ingressHead, slot, null, draft.observed));
  const policed = slot.interface.external_ids.get(policingMark);
  releasePolicing(draft, headOf(slot.portId ?? policed ?? '', 'EGRESS', null), slot);
}

function releasePolicing(draft: Draft, head: AimHead, slot: Slot): void {
  addEgress(draft, head, planPolicingRemoval(head, slot, draft.observed.host));
}

/** Guarantees on physical ports; gives the queue of each port. */
function planWaysOut(draft: Draft): ReadonlyMap<string, number> {
  const wishes = draft.egress.flatMap(({ head, slot, aim: { guarantee } }): GuaranteeWish[] =>
    guarantee ? [{ head, slot, guarantee }] : [],
  );
  const kept = new Set(draft.kept.map(({ portId }) => portId));
  const { changes, checks, notes, queueIds } = planGuarantees(wishes, kept, draft.observed);
  draft.changes.push(...changes);
  for (const [portId, due] of checks) listIn(draft.egressChecks, portId).push(...due);
  for (const [portId, said] of notes) draft.egressNotes.set(portId, said);
  return queueIds;
}

function planBridges(draft: Draft, queueIds: ReadonlyMap<string, number>): void {
  const wishes = Map.groupBy(flowWishes(draft.egress, queueIds), ({ slot }) => slot.bridge.name);
  const slotsByBridge = Map.groupBy(draft.observed.slots, ({ bridge }) => bridge.name);
  for (const [name, view] of draft.observed.bridges) {
    if (view.openflow.state === 'refused') {
      draft.aims.push(...unreachable(draft, view, view.openflow.reason));
      continue;
    }
    const planned = planFlows({
      view,
      wishes: wishes.get(name) ?? [],
      kept: draft.kept.filter(({ bridge }) => bridge.name === name),
      slots: slotsByBridge.get(name) ?? [],
    });
    draft.changes.push(...planned.changes);
    for (const [portId, checks] of planned.checks)
      listIn(draft.egressChecks, portId).push(...checks);
  }
}

function flowWishes(
  egress: readonly EgressWish[],
  queueIds: ReadonlyMap<string, number>,
): FlowWish[] {
  return egress.flatMap((wish): FlowWish[] => {
    const queueId = queueIds.get(wish.head.portId) ?? null;
    const { meters, dscpMark } = wish.aim;
    return meters.length > 0 || dscpMark !== null || queueId !== null ? [{ ...wish, queueId }] : [];
  });
}

/** Ports that are to have no EGRESS limit and have a meter where OpenFlow cannot be spoken now. */
function unreachable(draft: Draft, view: BridgeView, reason: string): Aim[] {
  const said = new Set(egressPorts(draft.aims));
  const held = meterRecords(view.row.external_ids).map(({ portId }) => portId);
  return [...new Set(held)]
    .filter((portId) => !said.has(portId))
    .map((portId) =>
      failed(headOf(portId, 'EGRESS', null), `Its meter cannot be removed. ${reason}`),
    );
}

/** EGRESS comes from several mechanisms: their checks meet here. */
function finishAims({ aims, egressChecks, egressNotes }: Draft): Aim[] {
  const said = new Set(egressPorts(aims));
  const removed = [...egressChecks].filter(
    ([portId, checks]) => !said.has(portId) && checks.length > 0,
  );
  return [
    ...aims.map((aim) =>
      aim.kind === 'enforced' && aim.direction === 'EGRESS'
        ? {
            ...aim,
            notes: [...aim.notes, ...(egressNotes.get(aim.portId) ?? [])],
            checks: egressChecks.get(aim.portId) ?? [],
          }
        : aim,
    ),
    ...removed.map(
      ([portId, checks]): Aim => ({ ...headOf(portId, 'EGRESS', null), kind: 'removed', checks }),
    ),
  ];
}

function egressPorts(aims: readonly Aim[]): string[] {
  return aims.filter(({ direction }) => direction === 'EGRESS').map(({ portId }) => portId);
}

function addIngress(draft: Draft, { aim, changes }: Planned): void {
  draft.changes.push(...changes);
  if (aim) draft.aims.push(aim);
}

function addEgress(draft: Draft, head: AimHead, { changes, checks }: PlannedEgress): void {
  draft.changes.push(...changes);
  listIn(draft.egressChecks, head.portId).push(...checks);
}

/** The directions that a rule asks something of. */
function headsOf({ portId, ingress, egress }: PortQos): AimHead[] {
  return [
    ...(ingress ? [headOf(portId, 'INGRESS', ingress)] : []),
    ...(egress ? [headOf(portId, 'EGRESS', egress)] : []),
  ];
}

function headOf(portId: string, direction: Direction, limit: PortLimit | null): AimHead {
  const { ruleId = null, ruleVersion = null } = limit ?? {};
  return { portId, direction, ruleId, ruleVersion };
}

function waiting(head: AimHead, slot: Slot | undefined): Aim {
  const message = slot
    ? `Open vSwitch could not open interface ${slot.interface.name} on bridge ${slot.bridge.name}.`
    : 'The port is not plugged on this host.';
  return { ...head, kind: 'verdict', status: 'WAITING_FOR_PORT', message };
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
