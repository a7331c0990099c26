import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { SwarmOptions, SwarmState, ToSwarm } from './messages.ts';

/** Thousands of agents in a process of their own. `await using` ends them. */
export interface Swarm extends AsyncDisposable {
  readonly pid: number;
  /** How many there are. */
  readonly agents: number;
  readonly state: SwarmState;
  /** Forgets which hosts were sent a step. */
  mark(): Promise<void>;
  /** Resolves with the swarm's first state that is so. */
  until(holds: (state: SwarmState) => boolean, timeoutMs: number): Promise<SwarmState>;
}

/** Resolves when its agents dial: what making their tokens takes is nobody's to wait for. */
export async function startSwarm(options: SwarmOptions): Promise<Swarm> {
  const script = new URL('./swarm.ts', import.meta.url).pathname;
  const child = fork(script, { execArgv: ['--max-semi-space-size=64'] });
  let state: SwarmState = { type: 'state', connected: 0, holding: 0, stepped: 0, steppedAtMs: 0 };
  child.on('message', (message: SwarmState) => {
    state = message;
  });
  const say = (message: SwarmOptions | ToSwarm) => child.send(message);
  say(options);
  await once(child, 'message');
  const until: Swarm['until'] = async (holds, timeoutMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!holds(state)) {
      await once(child, 'message', { signal }).catch(() => {
        throw new Error(`The swarm did not get there in ${timeoutMs} ms: ${JSON.stringify(state)}`);
      });
    }
    return state;
  };
  return {
    get pid() {
      return child.pid ?? 0;
    },
    agents: options.hosts.length,
    get state() {
      return state;
    },
    mark: async () => {
      say({ type: 'mark' });
      await until(({ stepped }) => stepped === 0, 5_000);
    },
    until,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
