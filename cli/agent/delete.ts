import { DeleteAgentDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { eachOf } from '../each.ts';
import { findAgent } from './find.ts';

export default async function deleteAgents(
  context: Context,
  _options: object,
  names: readonly string[],
): Promise<void> {
  const deleted = await eachOf(context.terminal, names, async (name) => {
    const { id, host } = await findAgent(context, name);
    await context.client.request(DeleteAgentDocument, { input: { id } });
    context.terminal.say(`The agent on host ${host} is deleted.`);
  });
  deleted.throwIfAnyFailed();
}
