import { messageOf, UserError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';
import type { Desired, DirectionResult, Driver, PlannedChange } from '../drivers/driver.ts';
import { lockAgentFolder } from '../lock.ts';
import type { CommandContext, Outcome } from './command.ts';
import { type Look, look, plainChange, refuseObstacle, withDriver } from './liveSwitch.ts';
import { jsonOf, oneLine } from './text.ts';

export interface PurgeContext extends CommandContext {
  /** Asked with what would be removed, before it is. */
  readonly confirm: (question: string) => Promise<boolean>;
}

interface Purged {
  readonly removed: readonly PlannedChange[];
  /** What could not be removed, and why. */
  readonly left: readonly DirectionResult[];
}

const nothing: Desired = new Map();
/** Others may write to the switch meanwhile, which makes an attempt void. */
const mostAttempts = 10;
const pauseMs = 200;

/** Removes all of Sluice's from this switch, with the agent's own driver; nothing of anybody else's. */
export async function purge(context: PurgeContext): Promise<Outcome> {
  const { config, format } = context;
  // Held to the end, so that no agent starts in between.
  using _lock = lockAgentFolder(config, 'it would put everything back, so stop it first.');
  const purged = await withDriver(context, true, (driver) => purgeSwitch(driver, context));
  const output = format === 'json' ? jsonOf(reportOf(config.host, purged)) : textOf(purged);
  return { output, exitCode: purged.left.length > 0 ? 1 : 0 };
}

async function purgeSwitch(driver: Driver, { confirm, log }: PurgeContext): Promise<Purged> {
  const found = await look(driver, nothing);
  refuseObstacle(driver, 'Nothing was removed.');
  const removed = found.plan.changes;
  if (removed.length > 0 && !(await confirm(questionFor(removed)))) {
    throw new UserError('Nothing was removed.');
  }
  const last = await removeAll(driver, found, log);
  return { removed, left: last.results.filter(({ status }) => status === 'FAILED') };
}

function questionFor(changes: readonly PlannedChange[]): string {
  const list = changes.map(({ sentence }) => `  ${oneLine(sentence)}\n`).join('');
  return `${list}All limits of Sluice's on this switch end with this. Remove them?`;
}

/** Until a look finds nothing more to remove. */
async function removeAll(driver: Driver, found: Look, log: Logger): Promise<Look> {
  let current = found;
  let fault = 'the switch changes faster than it can be read';
  for (let attempt = 0; current.plan.changes.length > 0; attempt += 1) {
    if (attempt === mostAttempts) {
      throw new UserError(`Not everything could be removed: ${fault}. Run it again.`);
    }
    try {
      await driver.apply(current.plan);
    } catch (error) {
      fault = messageOf(error);
      log.debug({ fault }, 'An attempt to remove failed; looking again.');
      await sleep(pauseMs);
    }
    current = await look(driver, nothing);
  }
  return current;
}

function reportOf(host: string, { removed, left }: Purged) {
  return {
    host,
    removed: removed.map(plainChange),
    left: left.map(({ portId, direction, message }) => ({ portId, direction, message })),
  };
}

function textOf({ removed, left }: Purged): string {
  const lines = removed.map(({ sentence }) => sentence);
  for (const { portId, direction, message } of left) {
    lines.push(`Left: ${direction} of port ${portId}. ${message}`);
  }
  if (left.length === 0) lines.push("Nothing of Sluice's is on this switch.");
  return lines.map((line) => `${oneLine(line)}\n`).join('');
}
