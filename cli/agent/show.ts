import type { Context } from '../context.ts';
import type { OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { findAgent } from './find.ts';
import { agentShowView, configurationLines } from './view.ts';

export default async function showAgent(
  context: Context,
  options: OutputOptions,
  name: string,
): Promise<void> {
  const { terminal } = context;
  await writeOne(terminal, agentShowView, await findAgent(context, name), options, (agent) =>
    configurationLines(agent, terminal.out),
  );
}
