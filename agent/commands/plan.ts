import { UserError } from '../../lib/errors.ts';
import { type DesiredState, enforceable } from '../desired.ts';
import type { PlannedChange } from '../drivers/driver.ts';
import type { CommandContext, Outcome } from './command.ts';
import { bestOf, findDesired, type KnownDesired } from './knownDesired.ts';
import { look, plainChange, refuseObstacle, withDriver } from './liveSwitch.ts';
import { sourceLine } from './sourceLine.ts';
import { jsonOf, oneLine } from './text.ts';

/** Something would be changed. */
const wouldChange = 2;

/** What the agent would change now: the same driver looks and plans, and nothing is applied. */
export async function plan(context: CommandContext): Promise<Outcome> {
  const { config, format } = context;
  const known = await findDesired(config);
  const desired = bestOf(known) ?? refuse(known);
  const { changes } = await withDriver(context, false, async (driver) => {
    const { plan: found } = await look(driver, enforceable(desired));
    refuseObstacle(driver, 'What would be changed is not known.');
    return found;
  });
  const report = {
    host: config.host,
    ...describe(known, desired),
    changes: changes.map(plainChange),
  };
  const output = format === 'json' ? jsonOf(report) : textOf(known, desired, changes);
  return { output, exitCode: changes.length > 0 ? wouldChange : 0 };
}

function refuse({ server, savedFault }: KnownDesired): never {
  const away = server.reachable ? '' : ` The server is away (${server.fault}).`;
  const saved =
    savedFault === null ? 'No state is saved on the disk.' : `On the disk: ${savedFault}`;
  throw new UserError(`What this host is to have is not known.${away} ${saved}`);
}

function describe({ server }: KnownDesired, { cursor, adminStateUp }: DesiredState) {
  return {
    source: server.reachable ? 'server' : 'disk',
    serverFault: server.reachable ? null : server.fault,
    cursor,
    adminStateUp,
  };
}

function textOf(
  known: KnownDesired,
  desired: DesiredState,
  changes: readonly PlannedChange[],
): string {
  const count = changes.length === 1 ? '1 change:' : `${changes.length} changes:`;
  const lines = [
    `Desired: ${sourceLine(known, desired)}.`,
    ...(known.server.reachable ? [] : [`The server is away: ${known.server.fault}`]),
    ...(desired.adminStateUp ? [] : ['The agent is administratively down: nothing is limited.']),
    changes.length === 0 ? 'Nothing to change: the switch is as desired.' : count,
    ...changes.map(({ sentence }) => `  ${oneLine(sentence)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
