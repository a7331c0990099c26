import type { Context } from '../context.ts';
import type { OutputOptions } from '../output/column.ts';
import { follow } from '../wait/follow.ts';
import { lookAtRules } from '../wait/looks.ts';
import { findRule, printRule } from './show.ts';

/** Waits if that was asked for, prints the rule as it then is, and only then fails if the wait did. */
export async function settle(
  context: Context,
  options: OutputOptions & { readonly wait?: number },
  id: string,
  interruption: string,
): Promise<void> {
  const { client, terminal } = context;
  terminal.interruption = interruption;
  const outcome =
    options.wait === undefined
      ? null
      : await follow(context, {
          look: lookAtRules(client, [id]),
          seconds: options.wait,
          ruleIds: [id],
        });
  await printRule(context, options, await findRule(context, id), outcome?.isSettled ?? true);
  outcome?.throwUnlessSettled();
}
