import type { Desired } from '../driver.ts';
import type { Aim, OvsPlan } from './aims.ts';
import type { BridgeView, OvsObservation } from './observe.ts';
import { planOvs } from './plan.ts';
import { PlanMemory } from './planMemory.ts';
import type { Slot } from './ports.ts';
import { changedKeys, openflowOf, touchedPorts } from './touched.ts';

/** A plan, and what it was made from. */
interface Made {
  readonly desired: Desired;
  readonly observed: OvsObservation;
  readonly plan: OvsPlan;
}

/** Beyond so many ports everything is planned: that costs no more. */
const mostPorts = 100;

/**
 * Plans as `planOvs` does. Where only a few ports can come out different from the last plan, as when one rule changed,
 * it plans those alone, with what the bridge has for them, and keeps the rest: with 1,000 ports a look at all of them
 * took 5 ms and more (measured).
 */
export class Planner {
  readonly #memory = new PlanMemory();
  readonly #mostPorts: number;
  #last: Made | null = null;
  #slots: { readonly of: readonly Slot[]; readonly byPort: Map<string | null, Slot[]> } | null =
    null;

  constructor(most = mostPorts) {
    this.#mostPorts = most;
  }

  plan(desired: Desired, observed: OvsObservation): OvsPlan {
    const plan =
      (this.#last && this.#patch(this.#last, desired, observed)) ??
      planOvs(desired, observed, this.#memory);
    this.#last = { desired, observed, plan };
    return plan;
  }

  /** Null: it takes more than planning a few ports. */
  #patch(last: Made, desired: Desired, observed: OvsObservation): OvsPlan | null {
    if (!isOrderly(observed) || !sameCircumstances(last.observed, observed)) return null;
    const wanted = changedKeys(last.desired, desired);
    if (wanted === null) return null;
    const ports = touchedPorts(last.observed, observed, this.#memory);
    if (ports === null) return null;
    for (const { portId } of last.plan.changes) {
      if (portId === null) return null;
      ports.add(portId);
    }
    for (const portId of wanted) ports.add(portId);
    if (ports.size > this.#mostPorts) return null;
    if (asksGuarantee(ports, last.desired) || asksGuarantee(ports, desired)) return null;
    if (ports.size === 0) return last.plan;
    const part = planOvs(onlyOf(desired, ports), this.#partOf(observed, ports));
    // A meter that is to be made takes an id that is free on the whole bridge.
    if (part.changes.some(recordsMeter)) return null;
    return { changes: part.changes, aims: replaced(last.plan.aims, part.aims, ports) };
  }

  /** What these ports have on the switch. */
  #partOf(observed: OvsObservation, ports: ReadonlySet<string>): OvsObservation {
    const byPort = this.#slotsByPort(observed.slots);
    const slots = [...ports].flatMap((portId) => byPort.get(portId) ?? []);
    const ofports = new Set(slots.map((slot) => slot.interface.ofport));
    const bridges = new Map<string, BridgeView>();
    for (const [name, view] of observed.bridges) {
      const records = this.#memory.records(view);
      const own = records.all().filter(({ portId }) => ports.has(portId));
      const external_ids = new Map(own.map(({ key, meterId }) => [key, String(meterId)]));
      const row = { ...view.row, external_ids };
      const openflow = openflowOf(view, ports, records, ofports);
      bridges.set(name, { ...view, row, openflow });
    }
    return { ...observed, slots, bridges };
  }

  #slotsByPort(slots: readonly Slot[]): Map<string | null, Slot[]> {
    if (this.#slots?.of !== slots) {
      this.#slots = { of: slots, byPort: Map.groupBy(slots, ({ portId }) => portId) };
    }
    return this.#slots.byPort;
  }
}

/** Nothing of Sluice's that is no port's own, or has to be weighed against what others have. */
function isOrderly({ orphans, shared }: OvsObservation): boolean {
  return orphans.qos.length === 0 && orphans.queues.length === 0 && shared.length === 0;
}

/** All that every port's plan goes by is the very same, and so is the database. */
function sameCircumstances(a: OvsObservation, b: OvsObservation): boolean {
  return (
    a.slots === b.slots &&
    a.host === b.host &&
    a.lost === b.lost &&
    a.policedInVain === b.policedInVain &&
    a.bridges.size === b.bridges.size
  );
}

/** A guarantee is one queue among others. */
function asksGuarantee(ports: ReadonlySet<string>, desired: Desired): boolean {
  return ports.values().some((portId) => {
    const { egress = null } = desired.get(portId) ?? {};
    return egress !== null && egress.minKbps !== null;
  });
}

function onlyOf(desired: Desired, ports: ReadonlySet<string>): Desired {
  return new Map(
    [...ports].flatMap((portId) => {
      const wanted = desired.get(portId);
      return wanted ? [[portId, wanted] as const] : [];
    }),
  );
}

function recordsMeter({ mechanism, secure }: OvsPlan['changes'][number]): boolean {
  return mechanism === 'openflow' && secure.length > 0;
}

/** Each port's aims stay where they were. */
function replaced(
  all: readonly Aim[],
  anew: readonly Aim[],
  ports: ReadonlySet<string>,
): readonly Aim[] {
  const byPort = Map.groupBy(anew, ({ portId }) => portId);
  const aims: Aim[] = [];
  const add = (portId: string) => {
    aims.push(...(byPort.get(portId) ?? []));
    byPort.delete(portId);
  };
  for (const aim of all) {
    if (ports.has(aim.portId)) add(aim.portId);
    else aims.push(aim);
  }
  for (const portId of [...byPort.keys()]) add(portId);
  return aims;
}
