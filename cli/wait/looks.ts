import {
  PortProgressDocument,
  type PortProgressQuery,
  RuleProgressDocument,
} from '../../schema/generated/graphql.ts';
import type { Client } from '../client/client.ts';
import { chunks, maxPage } from '../client/pages.ts';
import { boundTarget, type Removal, removalTargets, type Target, targetsOf } from './target.ts';

/** Asks the server how far it is. */
export type Look = (signal: AbortSignal) => Promise<Target[]>;

/** What the last look saw. */
export interface Looked {
  readonly targets: readonly Target[];
  /** Why the server could not be asked; it may come back. */
  readonly fault: string | null;
}

/** Rules that have settled once are not asked for again: a long list gets shorter. */
export function lookAtRules(client: Client, ids: readonly string[]): Look {
  const waiting = new Set(ids);
  const settled: Target[] = [];
  return async (signal) => {
    const open: Target[] = [];
    for (const ids of chunks([...waiting])) {
      const rules = await readRules(client, ids, signal);
      for (const id of ids) {
        const rule = rules.get(id);
        const targets = rule ? targetsOf(rule) : [gone(id)];
        const done = targets.every(({ state }) => state === 'settled');
        if (done) waiting.delete(id);
        (done ? settled : open).push(...targets);
      }
    }
    return [...open, ...settled];
  };
}

/** Until the hosts have dealt with what was removed from their ports. */
export function lookAtRemovals(client: Client, removals: readonly Removal[]): Look {
  let waiting = removals.filter(({ hosts }) => hosts.length > 0);
  const settled: Target[] = [];
  return async (signal) => {
    const ports = await readPorts(client, [...new Set(waiting.map((one) => one.portId))], signal);
    const open: Target[] = [];
    waiting = waiting.filter((removal) => {
      const targets = removalTargets([removal], ports);
      const done = targets.every(({ state }) => state === 'settled');
      (done ? settled : open).push(...targets);
      return !done;
    });
    return [...open, ...settled];
  };
}

/** Until a host enforces all rules of a port that was bound there. */
export function lookAtBinding(client: Client, portId: string, host: string): Look {
  return async (signal) => {
    const ports = await readPorts(client, [portId], signal);
    const port = ports.get(portId) ?? { id: portId, bindings: [], rules: [] };
    const ids = port.rules.map(({ id }) => id);
    const rules = await readRules(client, ids, signal);
    const targets = [...rules.values()].flatMap(targetsOf).filter((one) => one.host === host);
    return targets.length > 0 ? targets : [boundTarget(host, port)];
  };
}

export function together(looks: readonly Look[]): Look {
  return async (signal) => (await Promise.all(looks.map((look) => look(signal)))).flat();
}

async function readRules(client: Client, ids: readonly string[], signal: AbortSignal) {
  if (ids.length === 0) return new Map();
  const variables = { filter: { id: [...ids] }, first: maxPage };
  const { qosRules } = await client.request(RuleProgressDocument, variables, signal);
  return new Map(qosRules.nodes.map((rule) => [rule.id, rule]));
}

type Port = PortProgressQuery['ports']['nodes'][number];

async function readPorts(client: Client, ids: readonly string[], signal: AbortSignal) {
  const ports = new Map<string, Port>();
  for (const id of chunks(ids)) {
    const variables = { filter: { id }, first: maxPage };
    const page = await client.request(PortProgressDocument, variables, signal);
    for (const port of page.ports.nodes) ports.set(port.id, port);
  }
  return ports;
}

const gone = (id: string): Target => ({
  host: null,
  subject: `rule ${id}`,
  state: 'failed',
  status: 'gone',
  message: 'somebody deleted it meanwhile',
});
