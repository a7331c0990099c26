import { CreateQosRuleDocument, type Direction } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { settle } from './settle.ts';
import { ruleShowView } from './view.ts';

interface Options extends OutputOptions {
  readonly portId: string;
  readonly direction?: Direction;
  readonly maxKbps?: number;
  readonly maxBurstKbps?: number;
  readonly maxKpps?: number;
  readonly maxBurstKpps?: number;
  readonly minKbps?: number;
  readonly dscpMark?: number;
  readonly tenantId?: string;
  readonly networkId?: string;
  readonly description?: string;
  readonly wait?: number;
}

export default async function createRule(context: Context, options: Options): Promise<void> {
  checkColumns(ruleShowView, options);
  const { format, column, wait, ...input } = options;
  const { createQosRule } = await context.client.request(CreateQosRuleDocument, { input });
  const { id } = createQosRule.qosRule;
  await settle(context, options, id, `Interrupted. Rule ${id} is made.`);
}
