import type { CreateQosRuleInput } from '../../schema/generated/graphql.ts';
import type { Client } from '../client/client.ts';
import { chunks, readPages } from '../client/pages.ts';
import { readRules } from './list.ts';
import type { RuleRow } from './view.ts';

/** Which rules a prune may delete. */
export interface PruneScope {
  /** Undefined: the caller's own, which is all that it sees. */
  readonly tenantId: string | undefined;
  readonly networkIds: string[] | undefined;
}

/** The rules on the ports that are named, and all that may be pruned. */
export async function readPresent(
  client: Client,
  wanted: readonly CreateQosRuleInput[],
  scope: PruneScope | null,
): Promise<RuleRow[]> {
  const found = new Map<string, RuleRow>();
  const keep = async (filter: Parameters<typeof readRules>[1]) => {
    const { nodes } = await readPages({ read: readRules(client, filter) });
    for (const rule of nodes) found.set(rule.id, rule);
  };
  const ports = [...new Set(wanted.map(({ portId }) => portId.toLowerCase()))];
  for (const portId of chunks(ports)) await keep({ portId });
  if (scope) {
    const tenantId = scope.tenantId === undefined ? undefined : [scope.tenantId];
    await keep({ tenantId, networkId: scope.networkIds });
  }
  return [...found.values()];
}

export function inScope(scope: PruneScope | null): (rule: RuleRow) => boolean {
  return ({ tenantId, networkId }) =>
    scope !== null &&
    (scope.tenantId === undefined || scope.tenantId === tenantId) &&
    (!scope.networkIds || (networkId !== null && scope.networkIds.includes(networkId)));
}
