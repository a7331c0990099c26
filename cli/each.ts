import { UserError } from '../lib/errors.ts';
import type { Terminal } from './output/terminal.ts';

/** Does the same to each; a failure is told, and the others go on. */
export async function eachOf<T>(
  terminal: Terminal,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<{ throwIfAnyFailed(): void }> {
  const failures: UserError[] = [];
  for (const item of items) {
    try {
      await act(item);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error);
      if (items.length > 1) terminal.say(error.message);
    }
  }
  return {
    throwIfAnyFailed: () => {
      const [first] = failures;
      if (!first) return;
      if (items.length === 1) throw first;
      throw new UserError(`${failures.length} of ${items.length} failed.`, first.exitCode);
    },
  };
}
