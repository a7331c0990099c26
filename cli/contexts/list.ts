import type { Here } from '../commands/run.ts';
import type { OutputOptions } from '../output/column.ts';
import { writeRows } from '../output/write.ts';
import { contextView, readContextRows } from './view.ts';

export default async function listContexts(
  { terminal, env }: Here,
  options: OutputOptions,
): Promise<void> {
  await writeRows(terminal, contextView, await readContextRows(env), options);
}
