import { switchlessAgent } from '../../test/support/switchlessAgent.ts';
import type { FleetServer } from './server.ts';

/** One agent in the benchmark's own process, so that when it hears of a change is measured by one clock. */
export interface Probe extends AsyncDisposable {
  /** Resolves with the next step of its feed. */
  step(): Promise<void>;
}

export async function startProbe(server: FleetServer, host: string): Promise<Probe> {
  const token = await server.token({ role: 'agent', host });
  const stop = new AbortController();
  let stepped = Promise.withResolvers<void>();
  const agent = switchlessAgent({
    host,
    servers: [server.url],
    token,
    onStep: () => {
      stepped.resolve();
      stepped = Promise.withResolvers();
    },
    onConnected: () => {},
  });
  const first = stepped.promise;
  const running = agent.run(stop.signal);
  await first;
  return {
    step: () => stepped.promise,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
