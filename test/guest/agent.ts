import type { System } from '../support/system.ts';
import { nodeFlags } from './compileAgent.ts';
import type { Guest } from './guest.ts';
import { shellLine } from './shellLine.ts';

/** Our agent in the guest, from this checkout. */
export interface GuestAgent {
  /** SIGTERM, and until it has ended; limits stay. */
  stop(): Promise<void>;
}

export interface GuestAgentOptions {
  readonly host: string;
  readonly system: System;
  readonly settings?: Readonly<Record<string, string>>;
}

export const agentLog = '/run/agent.log';
/** Longer than any suite. */
const timeoutMs = 15 * 60_000;

/** Starts it, with the server of `system` on this machine. */
export async function startGuestAgent(
  guest: Guest,
  { host, system, settings = {} }: GuestAgentOptions,
): Promise<GuestAgent> {
  const environment = {
    SLUICE_SERVER: `http://10.0.2.2:${system.port}/graphql`,
    SLUICE_TOKEN: await system.agentToken(host),
    SLUICE_HOST: host,
    SLUICE_DATA: '/run/sluice',
    SLUICE_METRICS_LISTEN: 'off',
    SLUICE_LOG_FORMAT: 'json',
    ...settings,
  };
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const agent = shellLine('env', [
    ...variables,
    'node',
    ...nodeFlags,
    '/sluice/agent/main.ts',
    'run',
  ]);
  const running = guest.run(`echo $$ >/run/agent.pid; exec ${agent} >>${agentLog} 2>&1`, {
    timeoutMs,
  });
  // A guest that ends says so to whoever asks it next.
  running.catch(() => undefined);
  return {
    stop: async () => {
      await guest.succeed('kill $(cat /run/agent.pid)');
      await running;
    },
  };
}
