import type {
  Direction,
  PortLimitFieldsFragment as PortLimit,
  PortQosFieldsFragment as PortQos,
} from '../../../schema/generated/graphql.ts';
import {
  type Aim,
  type AimHead,
  type Check,
  failed,
  type OvsChange,
  type Planned,
  type PlannedEgress,
} from './aims.ts';
import { decideEgress, type EgressAim } from './egress.ts';
import { foreignPolicing, planPolicing, planPolicingRemoval } from './egressPolicing.ts';
import { policingMark, portMark } from './ids.ts';
import { planIngress } from './ingressHtb.ts';
import type { BridgeAbilities, Circumstances } from './observe.ts';
import { isPlugged, type Slot } from './ports.ts';

/** All that the decisions about one port go by. */
export interface PortCase {
  /** Every interface that carries the port's id. */
  readonly slots: readonly Slot[];
  /** Of the first slot; null: not looked at. */
  readonly bridge: BridgeAbilities | null;
  readonly circumstances: Circumstances;
}

/** A port whose EGRESS takes more than columns of its own. */
export interface EgressWish {
  readonly head: AimHead;
  readonly slot: Slot;
  readonly aim: EgressAim;
}

/** What one port contributes to a plan by itself. */
export interface PortPlan {
  /** Whose limits these are, or were. */
  readonly portId: string;
  readonly changes: readonly OvsChange[];
  readonly aims: readonly Aim[];
  /** What is to be read back for the EGRESS of `portId`, beside what its wish takes. */
  readonly egressChecks: readonly Check[];
  readonly egress: EgressWish | null;
  /** Slots that are to stay as they are. */
  readonly kept: readonly Slot[];
}

/** A PortPlan on its way. */
class Draft implements PortPlan {
  readonly portId: string;
  readonly changes: OvsChange[] = [];
  readonly aims: Aim[] = [];
  readonly egressChecks: Check[] = [];
  egress: EgressWish | null = null;
  kept: readonly Slot[] = [];

  constructor(portId: string) {
    this.portId = portId;
  }

  addIngress({ aim, changes }: Planned): void {
    this.changes.push(...changes);
    if (aim) this.aims.push(aim);
  }

  addEgress({ changes, checks }: PlannedEgress): void {
    this.changes.push(...changes);
    this.egressChecks.push(...checks);
  }
}

/** A port that a rule names. */
export function planPort(wanted: PortQos, port: PortCase): PortPlan {
  const draft = new Draft(wanted.portId);
  const [slot, ...others] = port.slots;
  if (others.length > 0) {
    draft.kept = port.slots;
    draft.aims.push(...headsOf(wanted).map((head) => failed(head, ambiguity(port.slots))));
  } else if (slot && isPlugged(slot)) {
    planPlugged(draft, wanted, slot, port);
  } else {
    if (slot) planUnplugged(draft, wanted, slot, port.circumstances);
    draft.aims.push(...headsOf(wanted).map((head) => waiting(head, slot)));
  }
  return draft;
}

/** Nobody asks for anything here: what is Sluice's goes, under the port that it was made for. */
export function planUndesired(slot: Slot, circumstances: Circumstances): PortPlan {
  const policed = slot.interface.external_ids.get(policingMark);
  const draft = new Draft(slot.portId ?? policed ?? '');
  const marked = slot.qos.owner === 'sluice' ? slot.qos.row.external_ids.get(portMark) : undefined;
  const ingressHead = headOf(slot.portId ?? marked ?? '', 'INGRESS', null);
  draft.addIngress(planIngress(ingressHead, slot, null, circumstances));
  const egressHead = headOf(draft.portId, 'EGRESS', null);
  draft.addEgress(planPolicingRemoval(egressHead, slot, circumstances.host));
  return draft;
}

export function headOf(portId: string, direction: Direction, limit: PortLimit | null): AimHead {
  const { ruleId = null, ruleVersion = null } = limit ?? {};
  return { portId, direction, ruleId, ruleVersion };
}

function planPlugged(draft: Draft, wanted: PortQos, slot: Slot, port: PortCase): void {
  const ingressHead = headOf(wanted.portId, 'INGRESS', wanted.ingress);
  draft.addIngress(planIngress(ingressHead, slot, wanted.ingress, port.circumstances));
  const egressHead = headOf(wanted.portId, 'EGRESS', wanted.egress);
  if (wanted.egress) planEgress(draft, egressHead, slot, wanted.egress, port);
  else draft.addEgress(planPolicingRemoval(egressHead, slot, port.circumstances.host));
}

function planEgress(
  draft: Draft,
  head: AimHead,
  slot: Slot,
  limit: PortLimit,
  { bridge, circumstances }: PortCase,
): void {
  if (!bridge) return;
  if (bridge.openflow.state === 'refused') draft.kept = [slot];
  const aim = decideEgress(slot, limit, bridge, circumstances);
  if ('impossible' in aim) {
    draft.aims.push(failed(head, aim.impossible));
    draft.addEgress(planPolicingRemoval(head, slot, circumstances.host));
    return;
  }
  const foreign = aim.policing && foreignPolicing(slot, aim.policing);
  if (foreign) {
    draft.aims.push(failed(head, foreign));
    return;
  }
  draft.aims.push({ ...head, kind: 'enforced', checks: [], ...aim });
  draft.addEgress(
    aim.policing
      ? planPolicing(head, slot, aim.policing, circumstances)
      : planPolicingRemoval(head, slot, circumstances.host),
  );
  draft.egress = { head, slot, aim };
}

/** Somebody still has an interface for the port, but Open vSwitch could not open it. */
function planUnplugged(
  draft: Draft,
  wanted: PortQos,
  slot: Slot,
  circumstances: Circumstances,
): void {
  if (!wanted.ingress) {
    const head = headOf(wanted.portId, 'INGRESS', null);
    draft.addIngress(planIngress(head, slot, null, circumstances));
  }
  if (!wanted.egress) {
    const head = headOf(wanted.portId, 'EGRESS', null);
    draft.addEgress(planPolicingRemoval(head, slot, circumstances.host));
  }
}

/** The directions that a rule asks something of. */
function headsOf({ portId, ingress, egress }: PortQos): AimHead[] {
  return [
    ...(ingress ? [headOf(portId, 'INGRESS', ingress)] : []),
    ...(egress ? [headOf(portId, 'EGRESS', egress)] : []),
  ];
}

function ambiguity(slots: readonly Slot[]): string {
  const names = slots.map((each) => each.interface.name).sort();
  return `Interfaces ${names.join(' and ')} both carry this port's id; only one may.`;
}

function waiting(head: AimHead, slot: Slot | undefined): Aim {
  const message = slot ? unopened(slot) : 'The port is not plugged on this host.';
  return { ...head, kind: 'verdict', status: 'WAITING_FOR_PORT', message };
}

function unopened({ bridge, interface: { name, error } }: Slot): string {
  const reason = error === null ? '' : `: ${error}`;
  return `Open vSwitch could not open interface ${name} on bridge ${bridge.name}${reason}.`;
}
