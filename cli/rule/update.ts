import { UserError } from '../../lib/errors.ts';
import { UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { OutputOptions } from '../output/column.ts';
import { settle } from './settle.ts';

interface Options extends OutputOptions {
  readonly maxKbps?: number | null;
  readonly maxBurstKbps?: number | null;
  readonly maxKpps?: number | null;
  readonly maxBurstKpps?: number | null;
  readonly minKbps?: number | null;
  readonly dscpMark?: number | null;
  readonly description?: string;
  readonly expectedVersion?: number;
  readonly wait?: number;
}

export default async function updateRule(
  context: Context,
  options: Options,
  id: string,
): Promise<void> {
  const { format, column, wait, expectedVersion, description, ...limits } = options;
  const changes = { ...limits, ...describe(description) };
  if (Object.keys(changes).length === 0) {
    throw new UserError('Name a field to change, like --max-kbps 5000.', exitCodes.usage);
  }
  const input = { id, expectedVersion, ...changes };
  await context.client.request(UpdateQosRuleDocument, { input });
  await settle(context, options, id, `Interrupted. Rule ${id} is changed.`);
}

function describe(description: string | undefined): { description?: string | null } {
  if (description === undefined) return {};
  return { description: description === 'none' ? null : description };
}
