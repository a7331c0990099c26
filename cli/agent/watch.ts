import {
  type AgentFilter,
  ListAgentsDocument,
  WatchAgentsDocument,
} from '../../schema/generated/graphql.ts';
import { readPages } from '../client/pages.ts';
import type { Context } from '../context.ts';
import type { OutputOptions } from '../output/column.ts';
import { watch } from '../watch/watch.ts';
import { type AgentRow, agentView } from './view.ts';

/** Prints the agents as they are, then each change, until it is interrupted. */
export function watchAgents(
  context: Context,
  filter: AgentFilter,
  options: OutputOptions,
): Promise<void> {
  const { client } = context;
  return watch<AgentRow>(context, options, {
    view: agentView,
    // They move without an event of their own.
    leaveOut: ['heartbeat', 'converged'],
    list: async () => {
      const pages = await readPages({
        read: async (first, after) =>
          (await client.request(ListAgentsDocument, { filter, first, after })).agents,
      });
      return pages.nodes;
    },
    events: async function* (signal, onOpen) {
      for await (const { agentEvents } of client.subscribe(
        WatchAgentsDocument,
        {},
        signal,
        onOpen,
      )) {
        yield agentEvents;
      }
    },
    // The subscription has no filter: what it tells of the others is left out.
    concerns: ({ host, agentType, alive, adminStateUp }) =>
      (!filter.host || filter.host.includes(host)) &&
      (!filter.agentType || filter.agentType.includes(agentType)) &&
      (filter.alive == null || filter.alive === alive) &&
      (filter.adminStateUp == null || filter.adminStateUp === adminStateUp),
  });
}
