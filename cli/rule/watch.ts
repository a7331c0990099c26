import { WatchRulesDocument } from '../../schema/generated/graphql.ts';
import { readPages } from '../client/pages.ts';
import type { Context } from '../context.ts';
import type { OutputOptions } from '../output/column.ts';
import { watch } from '../watch/watch.ts';
import { filterOf, type RuleFilterOptions } from './filter.ts';
import { readRules } from './list.ts';
import { type RuleRow, ruleView } from './view.ts';

/** Prints the rules as they are, then each change, until it is interrupted. */
export default async function watchRules(
  context: Context,
  options: OutputOptions & RuleFilterOptions,
): Promise<void> {
  const { client } = context;
  const filter = filterOf(options);
  await watch<RuleRow>(context, options, {
    view: ruleView,
    leaveOut: ['age'],
    list: async () => (await readPages({ read: readRules(client, filter) })).nodes,
    events: async function* (signal, onOpen) {
      const events = client.subscribe(WatchRulesDocument, { filter }, signal, onOpen);
      for await (const { qosRuleEvents } of events) yield qosRuleEvents;
    },
    concerns: () => true,
  });
}
