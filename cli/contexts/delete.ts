import type { Here } from '../commands/run.ts';
import { eachOf } from '../each.ts';
import { checkName, currentContext, readContext } from './store.ts';
import { removeContext, removeCurrent } from './write.ts';

/** Its token's file stays. */
export default async function deleteContexts(
  { terminal, env }: Here,
  _options: object,
  names: readonly string[],
): Promise<void> {
  const deleted = await eachOf(terminal, names, async (name) => {
    checkName(name);
    await readContext(name, env);
    await removeContext(name, env);
    if (currentContext(env) === name) await removeCurrent(env);
    terminal.say(`Context ${name} is deleted.`);
  });
  deleted.throwIfAnyFailed();
}
