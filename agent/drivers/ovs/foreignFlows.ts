import type { OpenFlowClient } from '../../openflow/client.ts';
import type { Flow, FlowFilter } from '../../openflow/flows.ts';
import { flowKey, places, plainFlow, sameFlow } from './flows.ts';
import { isOurCookie } from './ids.ts';

/** Flows of others that stand exactly where Sluice's would be, by `flowKey`: one that is added there replaces them. */
export type ForeignFlows = ReadonlyMap<string, Flow>;

/** Beyond so many ports, one look at all that stands in such places is less work. */
const portsAtOnce = 50;

/** `ports`: OpenFlow numbers of those to look at; null: all. */
export async function findForeign(
  client: OpenFlowClient,
  ports: ReadonlySet<number> | null,
): Promise<ForeignFlows> {
  const isFew = ports !== null && ports.size <= portsAtOnce;
  const matches = isFew
    ? [...ports].map((inPort) => ({ inPort }))
    : places.stages.map((stage) => ({ registers: [stage] }));
  const questions = matches.map((match): FlowFilter => ({ ...anyCookie, table: 0, match }));
  const answers = await Promise.all(questions.map((question) => client.dumpFlows(question)));
  const found = answers
    .flat()
    .filter(({ cookie, priority }) => !isOurCookie(cookie) && places.priorities.includes(priority));
  return new Map(found.map((flow) => [flowKey(flow), plainFlow(flow)]));
}

const anyCookie = { cookie: 0n, mask: 0n };

export function portsOf(flows: Iterable<Pick<Flow, 'match'>>): ReadonlySet<number> {
  return new Set([...flows].flatMap(({ match }) => match.inPort ?? []));
}

export function sameForeign(a: ForeignFlows, b: ForeignFlows): boolean {
  return (
    a.size === b.size &&
    a.entries().every(([key, flow]) => {
      const other = b.get(key);
      return other !== undefined && sameFlow(flow, other);
    })
  );
}

/** The owner as far as a flow tells. */
export function describeForeign(bridge: string, { cookie, table, priority, match }: Flow): string {
  const where = `table ${table}, priority ${priority}, port ${match.inPort}`;
  return (
    `Bridge ${bridge} has a flow that is not Sluice's (cookie 0x${cookie.toString(16)}, ${where}) ` +
    'with the very match that this limit needs; it is left as it is.'
  );
}
