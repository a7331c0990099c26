import { BindPortDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { follow } from '../wait/follow.ts';
import { lookAtBinding } from '../wait/looks.ts';
import showPort from './show.ts';
import { portShowView } from './view.ts';

interface Options extends OutputOptions {
  readonly networkId?: string;
  readonly tenantId?: string;
  readonly name?: string;
  readonly wait?: number;
}

export default async function bindPort(
  context: Context,
  options: Options,
  portId: string,
  host: string,
): Promise<void> {
  const { networkId, tenantId, name, wait } = options;
  checkColumns(portShowView, options);
  const { client, terminal } = context;
  await client.request(BindPortDocument, { input: { portId, host, networkId, tenantId, name } });
  terminal.interruption = `Interrupted. Port ${portId} is bound to ${host}.`;
  const look = lookAtBinding(client, portId, host);
  const outcome = wait === undefined ? null : await follow(context, { look, seconds: wait });
  await showPort(context, options, portId);
  outcome?.throwUnlessSettled();
}
