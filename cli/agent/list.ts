import {
  type AgentFilter,
  FindAgentCursorDocument,
  ListAgentsDocument,
} from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { agentView } from './view.ts';

interface Options extends ListOptions {
  readonly host?: string[];
  readonly agentType?: string[];
  readonly alive?: boolean;
  readonly adminStateUp?: boolean;
  readonly watch?: true;
}

export default async function listAgents(context: Context, options: Options): Promise<void> {
  const { host, agentType, alive, adminStateUp } = options;
  const filter: AgentFilter = { host, agentType, alive, adminStateUp };
  if (options.watch) {
    const { watchAgents } = await import('./watch.ts');
    return watchAgents(context, filter, options);
  }
  const { client } = context;
  await listPages(context, agentView, options, {
    read: async (first, after) =>
      (await client.request(ListAgentsDocument, { filter, first, after })).agents,
    places: async (first, after) =>
      (await client.request(FindAgentCursorDocument, { filter, first, after })).agents,
  });
}
