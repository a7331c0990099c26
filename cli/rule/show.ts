import { UserError } from '../../lib/errors.ts';
import { ShowRuleDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { OutputOptions } from '../output/column.ts';
import { writeOne } from '../output/write.ts';
import { bindingsTable } from './bindings.ts';
import { type RuleRow, ruleShowView } from './view.ts';

export default async function showRule(
  context: Context,
  options: OutputOptions,
  id: string,
): Promise<void> {
  await printRule(context, options, await findRule(context, id));
}

/** Rejects with exit code 3 where there is none that the caller may see. */
export async function findRule({ client }: Context, id: string): Promise<RuleRow> {
  const { qosRule } = await client.request(ShowRuleDocument, { id });
  if (qosRule) return qosRule;
  const sentence = `There is no rule ${id}. "sluice rule list" shows those there are.`;
  throw new UserError(sentence, exitCodes.notFound);
}

export function printRule(
  { terminal }: Context,
  options: OutputOptions,
  rule: RuleRow,
  tellsReasons = true,
): Promise<void> {
  return writeOne(terminal, ruleShowView, rule, options, (row) =>
    bindingsTable(row, terminal.out, tellsReasons),
  );
}
