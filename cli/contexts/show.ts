import { UserError } from '../../lib/errors.ts';
import type { Here } from '../commands/run.ts';
import { exitCodes } from '../exitCodes.ts';
import type { OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { currentContext } from './store.ts';
import { contextView, readContextRow } from './view.ts';

export default async function showContext(
  { terminal, env, flags }: Here,
  options: OutputOptions,
  named: string | undefined,
): Promise<void> {
  const name = named ?? flags.context ?? (env.SLUICE_CONTEXT || currentContext(env));
  if (typeof name !== 'string') {
    const sentence = 'No context is in use: "sluice context use" chooses one.';
    throw new UserError(sentence, exitCodes.notFound);
  }
  await writeOne(terminal, contextView, await readContextRow(name, env), options);
}
