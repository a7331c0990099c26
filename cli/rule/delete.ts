import { UserError } from '../../lib/errors.ts';
import { DeleteQosRuleDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { eachOf } from '../each.ts';
import { exitCodes } from '../exitCodes.ts';
import { follow } from '../wait/follow.ts';
import { lookAtRemovals } from '../wait/looks.ts';
import type { Removal } from '../wait/target.ts';
import { findRule } from './show.ts';

interface Options {
  readonly expectedVersion?: number;
  readonly wait?: number;
}

export default async function deleteRules(
  context: Context,
  { expectedVersion, wait }: Options,
  ids: readonly string[],
): Promise<void> {
  if (expectedVersion !== undefined && ids.length > 1) {
    throw new UserError('--expected-version is for one rule at a time.', exitCodes.usage);
  }
  const removals: Removal[] = [];
  const deleted = await eachOf(context.terminal, ids, async (id) => {
    // Once it is gone, nothing tells where it was.
    const removal = wait === undefined ? null : await removalOf(context, id);
    await context.client.request(DeleteQosRuleDocument, { input: { id, expectedVersion } });
    if (removal) removals.push(removal);
    context.terminal.say(`Rule ${id} is deleted.`);
  });
  context.terminal.interruption = 'Interrupted. The rules named above are deleted.';
  if (wait !== undefined) {
    const look = lookAtRemovals(context.client, removals);
    (await follow(context, { look, seconds: wait })).throwUnlessSettled();
  }
  deleted.throwIfAnyFailed();
}

async function removalOf(context: Context, id: string): Promise<Removal> {
  const { portId, bindings } = await findRule(context, id);
  return { portId, hosts: bindings.map(({ host }) => host) };
}
