import { UnbindPortDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { checkColumns, type OutputOptions } from '../output/column.ts';
import { follow } from '../wait/follow.ts';
import { lookAtRemovals } from '../wait/looks.ts';
import showPort from './show.ts';
import { portShowView } from './view.ts';

interface Options extends OutputOptions {
  readonly wait?: number;
}

export default async function unbindPort(
  context: Context,
  options: Options,
  portId: string,
  host: string,
): Promise<void> {
  checkColumns(portShowView, options);
  const { client, terminal } = context;
  await client.request(UnbindPortDocument, { input: { portId, host } });
  terminal.interruption = `Interrupted. Port ${portId} is no longer bound to ${host}.`;
  const look = lookAtRemovals(client, [{ portId, hosts: [host] }]);
  const outcome =
    options.wait === undefined ? null : await follow(context, { look, seconds: options.wait });
  await showPort(context, options, portId);
  outcome?.throwUnlessSettled();
}
