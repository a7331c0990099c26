import type { Desired } from '../driver.ts';
import { type Aim, type Check, failed, headFrom, type OvsChange, type OvsPlan } from './aims.ts';
import { planFlows } from './egressFlows.ts';
import { type GuaranteeWish, planGuarantees } from './guarantees.ts';
import type { BridgeView, OvsObservation } from './observe.ts';
import { removeOrphans } from './orphans.ts';
import { PlanMemory } from './planMemory.ts';
import { type EgressWish, headOf, type PortPlan, planPort, planUndesired } from './planPort.ts';
import type { FlowWish } from './wantedFlows.ts';

/** What is to be read back for EGRESS, by port id: each mechanism brings a list of its own. */
type EgressChecks = Map<string, (readonly Check[])[]>;

/** What the parts of a plan add up to, on its way. */
interface Draft {
  readonly observed: OvsObservation;
  readonly memory: PlanMemory;
  readonly ports: readonly PortPlan[];
  readonly changes: OvsChange[];
  readonly aims: Aim[];
  readonly egressChecks: EgressChecks;
  /** What came out different beside the port's own: by port id. */
  readonly egressNotes: Map<string, readonly string[]>;
  /** Why it cannot be at all: by port id. */
  readonly egressObstacles: Map<string, string>;
}

/**
 * What would make the switch as desired (invariant 7). Pure, whatever it remembers: the same answer for the same
 * input. Nothing to change is an empty list of changes.
 */
export function planOvs(
  desired: Desired,
  observed: OvsObservation,
  memory = new PlanMemory(),
): OvsPlan {
  const ports = planPorts(desired, observed, memory);
  const draft: Draft = {
    observed,
    memory,
    ports,
    changes: ports.flatMap(({ changes }) => changes),
    aims: ports.flatMap(({ aims }) => aims).filter((aim) => !isOvertaken(aim, desired)),
    egressChecks: new Map(),
    egressNotes: new Map(),
    egressObstacles: new Map(),
  };
  for (const { portId, egressChecks } of ports) addChecks(draft, portId, egressChecks);
  planBridges(draft, planWaysOut(draft));
  draft.changes.push(...removeOrphans(observed.orphans));
  const plan = { changes: draft.changes, aims: finishAims(draft) };
  memory.sweep(observed.bridges.values());
  return plan;
}

/** Each port by itself: those that rules name, then the interfaces that no rule does. */
function planPorts(desired: Desired, observed: OvsObservation, memory: PlanMemory): PortPlan[] {
  const { host, lost, policedInVain } = observed;
  const circumstances = { host, lost, policedInVain };
  const slotsByPort = Map.groupBy(observed.slots, ({ portId }) => portId);
  const plans: PortPlan[] = [];
  for (const wanted of desired.values()) {
    const slots = slotsByPort.get(wanted.portId) ?? [];
    const view = observed.bridges.get(slots[0]?.bridge.name ?? '');
    const bridge = view ? memory.abilities(view) : null;
    const decide = () => planPort(wanted, { slots, bridge, circumstances });
    const inputs = [wanted, bridge, host, lost, policedInVain, ...slots];
    plans.push(memory.ports.answer(wanted.portId, inputs, decide));
  }
  for (const slot of observed.slots) {
    if (slot.portId !== null && desired.has(slot.portId)) continue;
    const decide = () => planUndesired(slot, circumstances);
    plans.push(memory.ports.answer(slot.interface._uuid, [slot, host, lost], decide));
  }
  return plans;
}

/** A limit goes from an interface that is the port's no more, and what the port's rule comes to is said besides. */
function isOvertaken({ kind, portId, direction }: Aim, desired: Desired): boolean {
  if (kind !== 'removed') return false;
  const wanted = desired.get(portId);
  return Boolean(direction === 'INGRESS' ? wanted?.ingress : wanted?.egress);
}

/** Guarantees on physical ports; gives the queue of each port. */
function planWaysOut(draft: Draft): ReadonlyMap<string, number> {
  const wishes = draft.ports.flatMap(({ egress }): GuaranteeWish[] => {
    if (!egress?.aim.guarantee) return [];
    const { head, slot, aim } = egress;
    return aim.guarantee ? [{ head, slot, guarantee: aim.guarantee }] : [];
  });
  const kept = new Set(draft.ports.flatMap((port) => port.kept.map(({ portId }) => portId)));
  const { changes, checks, notes, queueIds } = planGuarantees(
    wishes,
    kept,
    draft.observed,
    draft.memory,
  );
  draft.changes.push(...changes);
  for (const [portId, lists] of checks) {
    for (const due of lists) addChecks(draft, portId, due);
  }
  for (const [portId, said] of notes) draft.egressNotes.set(portId, said);
  return queueIds;
}

function planBridges(draft: Draft, queueIds: ReadonlyMap<string, number>): void {
  const { observed, memory, ports } = draft;
  const wishes = Map.groupBy(
    ports.flatMap(({ egress }) => flowWish(egress, queueIds)),
    ({ slot }) => slot.bridge.name,
  );
  const kept = ports.flatMap((port) => port.kept);
  const slotsByBridge = Map.groupBy(observed.slots, ({ bridge }) => bridge.name);
  for (const [name, view] of observed.bridges) {
    if (view.openflow.state === 'refused') {
      draft.aims.push(...unreachable(draft, view, view.openflow.reason));
      continue;
    }
    const bridge = {
      view,
      wishes: wishes.get(name) ?? [],
      kept: kept.filter((slot) => slot.bridge.name === name),
      slots: slotsByBridge.get(name) ?? [],
    };
    const planned = planFlows(bridge, memory);
    draft.changes.push(...planned.changes);
    for (const [portId, checks] of planned.checks) addChecks(draft, portId, checks);
    for (const [portId, why] of planned.obstacles) draft.egressObstacles.set(portId, why);
  }
}

function flowWish(wish: EgressWish | null, queueIds: ReadonlyMap<string, number>): FlowWish[] {
  if (!wish) return [];
  const queueId = queueIds.get(wish.head.portId) ?? null;
  const { meters, dscpMark } = wish.aim;
  return meters.length > 0 || dscpMark !== null || queueId !== null ? [{ ...wish, queueId }] : [];
}

/** Ports that are to have no EGRESS limit and have a meter where OpenFlow cannot be spoken now. */
function unreachable({ aims, memory }: Draft, view: BridgeView, reason: string): Aim[] {
  const said = new Set(egressPorts(aims));
  const held = memory.records(view).all();
  return [...new Set(held.map(({ portId }) => portId))]
    .filter((portId) => !said.has(portId))
    .map((portId) =>
      failed(headOf(portId, 'EGRESS', null), `Its meter cannot be removed. ${reason}`),
    );
}

/** EGRESS comes from several mechanisms: their checks meet here. */
function finishAims(draft: Draft): Aim[] {
  const { aims, egressChecks, egressNotes, egressObstacles, memory } = draft;
  const finished = aims.map((aim) => {
    if (aim.kind !== 'enforced' || aim.direction !== 'EGRESS') return aim;
    const obstacle = egressObstacles.get(aim.portId);
    if (obstacle !== undefined) return failed(headFrom(aim), obstacle);
    const lists = egressChecks.get(aim.portId) ?? [];
    const notes = egressNotes.get(aim.portId) ?? [];
    const withChecks = () => ({ ...aim, notes: [...aim.notes, ...notes], checks: lists.flat() });
    return memory.aims.answer(aim.portId, [aim, ...notes, ...lists], withChecks);
  });
  const said = new Set(egressPorts(aims));
  for (const [portId, lists] of egressChecks) {
    if (said.has(portId)) continue;
    finished.push({ ...headOf(portId, 'EGRESS', null), kind: 'removed', checks: lists.flat() });
  }
  return finished;
}

function egressPorts(aims: readonly Aim[]): string[] {
  return aims.filter(({ direction }) => direction === 'EGRESS').map(({ portId }) => portId);
}

function addChecks({ egressChecks }: Draft, portId: string, checks: readonly Check[]): void {
  if (checks.length === 0) return;
  const lists = egressChecks.get(portId);
  if (lists) lists.push(checks);
  else egressChecks.set(portId, [checks]);
}
