import type { ListHostBindingsQuery } from '../../schema/generated/graphql.ts';
import type { AgentRow } from '../agent/view.ts';
import { compareUrgency } from '../output/status.ts';
import type { PortRow } from '../port/view.ts';

export type HostBinding = ListHostBindingsQuery['qosAgentBindings']['nodes'][number];

/** What the server knows of one host. */
export interface Host {
  readonly host: string;
  readonly agent: AgentRow | null;
  readonly bindings: readonly HostBinding[];
  readonly ports: readonly PortRow[];
}

/** A line of the page: one direction of a port, or a port that nothing is asked of. */
export interface DirectionRow {
  readonly portId: string;
  readonly place: PortRow['bindings'][number] | null;
  readonly binding: HostBinding | null;
}

/** What needs an eye first; ports without a rule last. */
export function directionsOf({ host, bindings, ports }: Host): DirectionRow[] {
  const places = new Map(
    ports.map(({ id, bindings }) => [id, bindings.find((one) => one.host === host) ?? null]),
  );
  const limited = [...bindings]
    .sort((a, b) => compareUrgency(a.status, b.status) || (a.portId < b.portId ? -1 : 1))
    .map((binding) => ({
      portId: binding.portId,
      place: places.get(binding.portId) ?? null,
      binding,
    }));
  const named = new Set(bindings.map(({ portId }) => portId));
  const free = ports
    .filter(({ id }) => !named.has(id))
    .map(({ id }) => ({ portId: id, place: places.get(id) ?? null, binding: null }));
  return [...limited, ...free];
}

/** Since when the host has not done all that is asked of it; null: it has, or nobody can say. */
export function behindSince({ bindings }: Host): string | null {
  const waiting = bindings.filter(({ status }) => status === 'PENDING');
  return waiting.map(({ requestedAt }) => requestedAt).sort()[0] ?? null;
}

/** Something that nobody asks for any more, and that the agent could not remove. */
export interface Leftover {
  readonly portId: string;
  readonly interfaceName: string | null;
  readonly fault: string;
}

export function leftoversOf({ host, ports }: Host): Leftover[] {
  return ports.flatMap(({ id: portId, bindings }) =>
    bindings.flatMap(({ host: there, interfaceName, removalFault: fault }) =>
      there === host && fault !== null ? [{ portId, interfaceName, fault }] : [],
    ),
  );
}
