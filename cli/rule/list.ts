import {
  FindRuleCursorDocument,
  ListRulesDocument,
  type QosRuleFilter,
  type QosRuleOrder,
} from '../../schema/generated/graphql.ts';
import type { Client } from '../client/client.ts';
import type { PagesOptions } from '../client/pages.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { filterOf, orderOf, type RuleFilterOptions } from './filter.ts';
import { type RuleRow, ruleView } from './view.ts';

interface Options extends RuleFilterOptions, ListOptions {
  readonly sortKey?: string[];
}

export default async function listRules(context: Context, options: Options): Promise<void> {
  const filter = filterOf(options);
  const orderBy = (options.sortKey ?? []).map(orderOf);
  const { client } = context;
  await listPages(context, ruleView, options, {
    read: readRules(client, filter, orderBy),
    places: async (first, after) =>
      (await client.request(FindRuleCursorDocument, { filter, orderBy, first, after })).qosRules,
  });
}

/** Reads rules a page at a time. */
export function readRules(
  client: Client,
  filter: QosRuleFilter,
  orderBy: QosRuleOrder[] = [],
): PagesOptions<RuleRow>['read'] {
  return async (first, after) =>
    (await client.request(ListRulesDocument, { filter, orderBy, first, after })).qosRules;
}
