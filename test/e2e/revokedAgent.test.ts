import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { Connection } from '../../agent/connection.ts';
import { patience } from '../../agent/persist.ts';
import { sessionTiming } from '../../agent/session.ts';
import { aborted } from '../../lib/lifecycle.ts';
import { revokeById } from '../../src/services/agentCredentials.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server.ts';
import { emOf } from '../support/services.ts';

test('An agent whose token is revoked says so in its log, as the server told it', async () => {
  await using server = await startServer({ pingIntervalMs: 300 });
  const token = await server.token({ role: 'agent', host: 'compute-1' });
  const said: string[] = [];
  const connected = Promise.withResolvers<void>();
  const connection = new Connection({
    servers: [`${server.url}/graphql`],
    token: async () => token,
    users: [{ name: 'idle', serve: (_session, signal) => aborted(signal) }],
    log: pino({ base: null, timestamp: false }, { write: (line) => said.push(line) }),
    timing: sessionTiming,
    patience,
    onConnected: () => connected.resolve(),
  });
  const stop = new AbortController();
  const running = connection.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  await connected.promise;

  const { jti } = JSON.parse(atob(token.split('.')[1] ?? '')) as { jti: string };
  const actor = { role: 'admin', subject: 'test', tenantId: null } as const;
  await revokeById({ em: emOf(server.services), actor }, jti);

  await eventually(() =>
    expect(said.map((line) => JSON.parse(line))).toContainEqual({
      level: 40,
      server: `${server.url}/graphql`,
      fault: 'The token was revoked.',
      msg: 'The server refuses the token. Limits stay; trying again with the token that is then there.',
    }),
  );
});
