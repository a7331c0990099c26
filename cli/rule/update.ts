import { UserError } from '../../lib/errors.ts';
import { UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import { noneIsNull } from '../commands/none.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { settle } from './settle.ts';
import { ruleShowView } from './view.ts';

interface Options extends OutputOptions {
  readonly maxKbps?: number | 'none';
  readonly maxBurstKbps?: number | 'none';
  readonly maxKpps?: number | 'none';
  readonly maxBurstKpps?: number | 'none';
  readonly minKbps?: number | 'none';
  readonly dscpMark?: number | 'none';
  readonly description?: string;
  readonly expectedVersion?: number;
  readonly wait?: number;
}

export default async function updateRule(
  context: Context,
  options: Options,
  id: string,
): Promise<void> {
  checkColumns(ruleShowView, options);
  const { format, column, wait, expectedVersion, description, ...limits } = options;
  if (description === undefined && Object.keys(limits).length === 0) {
    throw new UserError('Name a field to change, like --max-kbps 5000.', exitCodes.usage);
  }
  const input = {
    ...{ id, expectedVersion, description: noneIsNull(description) },
    maxKbps: noneIsNull(limits.maxKbps),
    maxBurstKbps: noneIsNull(limits.maxBurstKbps),
    maxKpps: noneIsNull(limits.maxKpps),
    maxBurstKpps: noneIsNull(limits.maxBurstKpps),
    minKbps: noneIsNull(limits.minKbps),
    dscpMark: noneIsNull(limits.dscpMark),
  };
  await context.client.request(UpdateQosRuleDocument, { input });
  await settle(context, options, id, `Interrupted. Rule ${id} is changed.`);
}
