import { runTogether, socketsServed } from '../lib/lifecycle.ts';
import type { AgentOptions } from './composition.ts';
import { lockAgentFolder } from './lock.ts';
import { openDriver } from './openDriver.ts';

/** A switch that restarts is away for a second or so; one away for so long is said to be. */
const restartMs = 5_000;

/**
 * Runs this host's agent until the signal aborts. Limits stay when it stops (invariant 9). The switch is dialled
 * before all else is loaded: it takes as long to say what it has.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { config, log } = options;
  using _lock = lockAgentFolder(config);
  const driver = await openDriver(config, log, { changes: true, patienceMs: restartMs });
  const runDriver = (stopped: AbortSignal) => driver.run(stopped);
  const runOthers = async (stopped: AbortSignal) => {
    await socketsServed();
    const { runParts } = await import('./composition.ts');
    await runParts(options, driver, stopped);
  };
  const parts = [
    { name: 'driver', run: runDriver },
    { name: 'agent', run: runOthers },
  ];
  await runTogether(parts, signal);
  log.info('The agent has stopped; limits stay.');
}
