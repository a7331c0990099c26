import { UserError } from '../../lib/errors.ts';
import { ShowAgentDocument } from '../../schema/generated/graphql.ts';
import { isUuid } from '../client/uuid.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { AgentRow } from './view.ts';

/** The agent with this id or on this host. Rejects with exit code 3 where there is none. */
export async function findAgent({ client }: Context, name: string): Promise<AgentRow> {
  const variables = isUuid(name) ? { id: name } : { host: name };
  const { agent } = await client.request(ShowAgentDocument, variables);
  if (agent) return agent;
  const what = isUuid(name) ? `agent ${name}` : `agent on host ${name}`;
  const sentence = `There is no ${what}. "sluice agent list" shows those there are.`;
  throw new UserError(sentence, exitCodes.notFound);
}
