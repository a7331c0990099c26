import type { Here } from '../commands/run.ts';
import { readContext } from './store.ts';
import { removeCurrent, writeCurrent } from './write.ts';

/** Without a name: none is used any more. */
export default async function useContext(
  { terminal, env }: Here,
  { none }: { readonly none?: true },
  name: string | undefined,
): Promise<void> {
  if (name === undefined || none) {
    await removeCurrent(env);
    return terminal.say('No context is in use.');
  }
  await readContext(name, env);
  await writeCurrent(name, env);
  terminal.say(`Context ${name} is in use.`);
}
