import { confirm } from '../../lib/confirm.ts';
import { UserError } from '../../lib/errors.ts';
import {
  ApplyQosRulesDocument,
  type ApplyQosRulesInput,
  type ApplyQosRulesMutation,
  type CreateQosRuleInput,
} from '../../schema/generated/graphql.ts';
import { ServerError } from '../client/serverError.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { yamlOf } from '../output/write.ts';
import { follow } from '../wait/follow.ts';
import { lookAtRemovals, lookAtRules, together } from '../wait/looks.ts';
import type { Removal } from '../wait/target.ts';
import { planRules, type RulesPlan } from './plan.ts';
import { planWords } from './planWords.ts';
import { inScope, type PruneScope, readPresent } from './present.ts';
import { parseRuleFile, type RuleFile, readRuleFile } from './ruleFile.ts';

interface Options {
  readonly file: string;
  readonly dryRun?: true;
  readonly prune?: true;
  readonly tenantId?: string;
  readonly networkId?: string[];
  readonly yes?: true;
  readonly wait?: number;
  readonly format: 'table' | 'json' | 'yaml';
}

type Applied = ApplyQosRulesMutation['applyQosRules'];

export default async function applyRules(context: Context, options: Options): Promise<void> {
  const { client, terminal } = context;
  const name = options.file === '-' ? 'standard input' : options.file;
  const file = await parseRuleFile(name, await readRuleFile(options.file));
  const scope = scopeOf(options, file.rules);
  const input = inputOf(options, file.rules, scope);
  // Rules from standard input leave nobody there to answer.
  const canAsk = terminal.canAsk && options.file !== '-';
  const asks = canAsk && !options.yes && !options.dryRun;
  const awaitsRemovals = options.wait !== undefined && scope !== null;
  let removals: Removal[] = [];
  if (options.dryRun || asks || awaitsRemovals) {
    // The server judges all of it before anything is made of it, and says of each fault where it stands.
    const tried = await apply(context, { ...input, dryRun: true }, file);
    const present = await readPresent(client, file.rules, scope);
    const plan = planRules(file.rules, present, inScope(scope));
    if (options.dryRun) return printDryRun(context, options, plan, tried);
    if (asks) await approve(context, plan);
    removals = removalsOf(plan);
  }

  const applied = await apply(context, input, file);
  terminal.interruption = 'Interrupted. The rules are applied.';
  await printApplied(context, options, applied);
  if (options.wait !== undefined) await settle(context, options.wait, applied, removals);
}

function scopeOf(options: Options, rules: readonly CreateQosRuleInput[]): PruneScope | null {
  if (!options.prune) {
    if (!options.networkId) return null;
    const sentence = '--network-id says what to prune: it means something only with --prune.';
    throw new UserError(sentence, exitCodes.usage);
  }
  const named = new Set(rules.map(({ tenantId }) => tenantId));
  const common = named.size === 1 ? [...named][0] : undefined;
  return { tenantId: options.tenantId ?? common ?? undefined, networkIds: options.networkId };
}

function inputOf(
  { tenantId }: Options,
  rules: readonly CreateQosRuleInput[],
  scope: PruneScope | null,
): ApplyQosRulesInput {
  return {
    rules: [...rules],
    tenantId: tenantId ?? scope?.tenantId,
    prune: scope !== null,
    pruneNetworkIds: scope?.networkIds,
  };
}

/** A fault of a rule is told with its line in the file. */
async function apply(
  { client }: Context,
  input: ApplyQosRulesInput,
  { placeOf }: RuleFile,
): Promise<Applied> {
  try {
    return (await client.request(ApplyQosRulesDocument, { input })).applyQosRules;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new ServerError(error.faults, (field) =>
      field.startsWith('rules') ? placeOf(field) : `--${field.replace('tenantId', 'tenant-id')}`,
    );
  }
}

async function printDryRun(
  { terminal }: Context,
  { format }: Options,
  plan: RulesPlan,
  tried: Applied,
): Promise<void> {
  if (format === 'table') return terminal.print(planWords(plan, terminal.out));
  terminal.print(await documentOf(format, { ...countsOf(tried), changes: plan.changes }));
}

async function printApplied({ terminal }: Context, { format }: Options, applied: Applied) {
  if (format === 'table') {
    const { created, updated, unchanged, deleted } = applied;
    const done = `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged.`;
    return terminal.print(`${done}\n`);
  }
  terminal.print(await documentOf(format, { ...countsOf(applied), qosRules: applied.qosRules }));
}

async function documentOf(format: 'json' | 'yaml', value: object): Promise<string> {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : yamlOf(value);
}

function countsOf({ created, updated, unchanged, deleted }: Applied) {
  return { created, updated, unchanged, deleted };
}

/** Shows the plan and asks, where there is something to ask about. Rejects where the answer is no. */
async function approve({ terminal }: Context, plan: RulesPlan): Promise<void> {
  terminal.say(planWords(plan, terminal.err).trimEnd());
  if (plan.changes.length === 0 || (await confirm('Apply this?'))) return;
  throw new UserError('Nothing was changed.', exitCodes.failed);
}

function removalsOf({ changes }: RulesPlan): Removal[] {
  return changes.flatMap((change) =>
    change.action === 'delete'
      ? [{ portId: change.rule.portId, hosts: change.rule.bindings.map(({ host }) => host) }]
      : [],
  );
}

async function settle(
  context: Context,
  seconds: number,
  { qosRules }: Applied,
  removals: readonly Removal[],
): Promise<void> {
  const { client } = context;
  const ruleIds = qosRules.map(({ id }) => id);
  const look = together([lookAtRules(client, ruleIds), lookAtRemovals(client, removals)]);
  (await follow(context, { look, seconds, ruleIds })).throwUnlessSettled();
}
