import { UserError } from '../../lib/errors.ts';
import { SetAgentDocument } from '../../schema/generated/graphql.ts';
import { noneIsNull } from '../commands/none.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { findAgent } from './find.ts';
import { agentShowView } from './view.ts';

interface Options extends OutputOptions {
  readonly enable?: true;
  readonly disable?: true;
  readonly description?: string;
}

export default async function setAgent(
  context: Context,
  options: Options,
  name: string,
): Promise<void> {
  const { enable, disable, description } = options;
  if (enable === undefined && disable === undefined && description === undefined) {
    throw new UserError('Name a change: --enable, --disable or --description.', exitCodes.usage);
  }
  checkColumns(agentShowView, options);
  const { id } = await findAgent(context, name);
  const adminStateUp = enable ?? (disable ? false : undefined);
  const input = { id, adminStateUp, description: noneIsNull(description) };
  const { updateAgent } = await context.client.request(SetAgentDocument, { input });
  await writeOne(context.terminal, agentShowView, updateAgent.agent, options);
}
