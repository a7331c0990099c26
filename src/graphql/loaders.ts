import { dataloaderGetter } from '@pothos/plugin-dataloader';
import type { Agent } from '../entities/Agent.ts';
import type { PortBinding } from '../entities/PortBinding.ts';
import type { QosAgentBinding } from '../entities/QosAgentBinding.ts';
import type { QosRule } from '../entities/QosRule.ts';
import {
  agentsByHosts,
  bindingsOfHosts,
  bindingsOfPorts,
  bindingsOfRules,
  configurationsByHosts,
  type HostBindings,
  type HostState,
  hostStates,
  rulesByIds,
  rulesOfPorts,
} from '../services/batches.ts';
import { type BindingKey, removalFaultsOf } from '../services/removalFaults.ts';
import { usedRules } from '../services/tenantQuotas.ts';
import { type Usage, type UsageKey, usageOfBindings } from '../services/usage.ts';
import type { Context } from './context.ts';

/** One loader of each kind an operation: what a page's entries ask for is read in one statement. */

type Load<K, V> = (keys: K[], context: Context) => Promise<readonly V[]>;

const loader = <K, V>(load: Load<K, V>) =>
  dataloaderGetter<K, V, K>(
    undefined,
    (keys, context) => load(keys, context as Context),
    undefined,
    false,
  );

export const ruleById = loader<string, QosRule | null>(async (ids, { services, actor }) =>
  byKey(ids, await rulesByIds(services, actor, ids), ({ id }) => id),
);

export const agentByHost = loader<string, Agent | null>(async (hosts, { services, actor }) =>
  byKey(hosts, await agentsByHosts(services, actor, hosts), ({ host }) => host),
);

export const configurationsOfHost = loader<string, Agent['configurations']>(
  async (hosts, { services, actor }) => {
    const configurations = await configurationsByHosts(services, actor, hosts);
    return hosts.map((host) => configurations.get(host) ?? null);
  },
);

export const stateOfHost = loader<string, HostState | null>(async (hosts, { services, actor }) => {
  const states = await hostStates(services, actor, hosts);
  return hosts.map((host) => states.get(host) ?? null);
});

export const bindingsOfRule = loader<string, QosAgentBinding[]>(async (ids, { services, actor }) =>
  groupedBy(ids, await bindingsOfRules(services, actor, ids), ({ ruleId }) => ruleId),
);

export const rulesOfPort = loader<string, QosRule[]>(async (ids, { services, actor }) =>
  groupedBy(ids, await rulesOfPorts(services, actor, ids), ({ portId }) => portId),
);

export const bindingsOfPort = loader<string, PortBinding[]>(async (ids, { services, actor }) =>
  groupedBy(ids, await bindingsOfPorts(services, actor, ids), ({ portId }) => portId),
);

export const usedRulesOfTenant = loader<string, number>(async (tenantIds, { services, actor }) => {
  const used = await usedRules(services, actor, tenantIds);
  return tenantIds.map((tenantId) => used.get(tenantId) ?? 0);
});

const bindingKey = ({ portId, host }: BindingKey): string => `${portId} ${host}`;

export const removalFaultOf = dataloaderGetter<BindingKey, string | null, string>(
  { cacheKeyFn: bindingKey },
  (keys, context) => {
    const { services, actor } = context as Context;
    return removalFaultsOf(services, actor, keys);
  },
  undefined,
  false,
);

const usageKey = ({ portId, host, direction, ruleId }: UsageKey): string =>
  `${portId} ${direction} ${ruleId} ${host}`;

export const usageOfBinding = dataloaderGetter<UsageKey, Usage | null, string>(
  { cacheKeyFn: usageKey },
  (keys, context) => {
    const { services, actor } = context as Context;
    return usageOfBindings(services, actor, keys);
  },
  undefined,
  false,
);

/** One page of one host's bindings. */
export interface HostPage {
  readonly host: string;
  readonly first: number;
  readonly afterRuleId: string | null;
}

const pageKey = ({ first, afterRuleId }: HostPage): string => `${first} ${afterRuleId}`;

/** A statement for each page asked for by its own arguments, whatever the number of hosts. */
export const bindingsOfHost = dataloaderGetter<HostPage, HostBindings, string>(
  { cacheKeyFn: (page) => `${pageKey(page)} ${page.host}` },
  async (pages, context) => {
    const { services, actor } = context as Context;
    const found = new Map<string, Map<string, HostBindings>>();
    for (const [key, [page, ...others]] of Map.groupBy(pages, pageKey)) {
      if (!page) continue;
      const hosts = [page, ...others].map(({ host }) => host);
      const { first, afterRuleId } = page;
      found.set(key, await bindingsOfHosts(services, actor, hosts, first, afterRuleId));
    }
    return pages.map((page) => found.get(pageKey(page))?.get(page.host) ?? nothing);
  },
  undefined,
  false,
);

const nothing: HostBindings = { bindings: [], totalCount: 0, hasNextPage: false };

function byKey<T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string) {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key) ?? null);
}

function groupedBy<T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string) {
  const groups = Map.groupBy(rows, keyOf);
  return keys.map((key) => groups.get(key) ?? []);
}
