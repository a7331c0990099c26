import { UserError } from '../../lib/errors.ts';
import { findHolder } from '../../lib/folderLock.ts';
import { type DesiredState, enforceable } from '../desired.ts';
import type { Driver } from '../drivers/driver.ts';
import { agentFolder } from '../folder.ts';

import type { CommandContext, Outcome } from './command.ts';
import type { HostStatus } from './hostStatus.ts';
import { bestOf, findDesired } from './knownDesired.ts';
import { limitStates } from './limitStates.ts';
import { type Look, look, withDriver } from './liveSwitch.ts';
import { statusText } from './statusText.ts';
import { jsonOf } from './text.ts';

/** How this host stands, whoever is away: the agent, the server or the switch. Changes nothing. */
export async function status(context: CommandContext): Promise<Outcome> {
  const { config, format } = context;
  const folder = agentFolder(config);
  const known = await findDesired(config);
  const desired = bestOf(known);
  const wanted = desired ? enforceable(desired) : new Map();
  const seen = await withDriver(context, false, (driver) => see(driver, wanted));
  const found: HostStatus = {
    host: config.host,
    folder,
    running: findHolder(folder),
    known,
    desired,
    capabilities: seen.capabilities,
    switchFault: seen.fault,
    limits: limitStates(desired, desired && seen.look),
  };
  return { output: format === 'json' ? jsonOf(reportOf(found)) : statusText(found), exitCode: 0 };
}

interface Seen {
  readonly look: Look | null;
  readonly capabilities: Readonly<Record<string, unknown>> | null;
  readonly fault: string | null;
}

/** A switch that is away is part of the status, no reason to say nothing of the rest. */
async function see(driver: Driver, wanted: DesiredState['ports']): Promise<Seen> {
  try {
    const seen = await look(driver, wanted);
    return { look: seen, capabilities: driver.capabilities(), fault: driver.obstacle?.() ?? null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { look: null, capabilities: driver.capabilities(), fault: error.message };
  }
}

/** The stable form, for scripts. */
function reportOf(found: HostStatus) {
  const { host, running, known, desired, capabilities, switchFault, limits } = found;
  const { server, saved, savedFault } = known;
  return {
    host,
    agent: { running: running !== null, pid: running?.pid ?? null },
    server: {
      reachable: server.reachable,
      url: server.reachable ? server.url : null,
      fault: server.reachable ? null : server.fault,
    },
    source: desired === null ? null : server.reachable ? 'server' : 'disk',
    cursor: desired?.cursor ?? null,
    adminStateUp: desired?.adminStateUp ?? null,
    saved: { cursor: saved?.cursor ?? null, fault: savedFault },
    switch: { fault: switchFault, capabilities },
    limits,
  };
}
