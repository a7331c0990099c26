import { Connection, type SessionUser } from '../../agent/connection.ts';
import type { Patience } from '../../agent/persist.ts';
import { sessionTiming } from '../../agent/session.ts';
import { createLog } from '../../lib/log.ts';
import type { FeedServer } from './feedServer.ts';

export const silent = createLog('test', 'silent', 'json');
const quick = { baseMs: 2, capMs: 10 };
export const quickPatience: Patience = { transient: quick, refused: quick };

/** Runs an agent's parts on a connection to a server of the test, with pauses of milliseconds; ends them when disposed of. */
export function connectUsers(server: FeedServer, users: readonly SessionUser[]): AsyncDisposable {
  const stop = new AbortController();
  const connection = new Connection({
    servers: [server.url],
    token: async () => 'secret',
    users,
    log: silent,
    timing: sessionTiming,
    patience: quickPatience,
    onConnected: () => {},
  });
  const running = connection.run(stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
