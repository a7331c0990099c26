import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createLog } from '../../../lib/log.ts';
import { HttpServer } from '../../../src/http/httpServer.ts';

test('an answer that nobody reads goes with its connection', async () => {
  const answered = Promise.withResolvers<ServerResponse>();
  const server = new HttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    origins: undefined,
    handle: async (_request, response) => {
      // More than the kernel takes in.
      response.end(Buffer.alloc(32 * 1024 ** 2));
      answered.resolve(response);
    },
    // Nobody opens one here.
    sockets: { closeAll: async () => undefined, terminateAll: () => undefined } as never,
    log: createLog('test', 'silent', 'json'),
    drainMs: 0,
    limits: { sockets: 10, requestMs: 100, operationMs: 100 },
  });
  const stop = new AbortController();
  const running = server.run(stop.signal);
  const { port } = await server.listening;

  const deaf = connect(port, '127.0.0.1').pause();
  deaf.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const response = await answered.promise;
  await once(response, 'close');

  expect(response.writableFinished).toBe(false);
  deaf.destroy();
  stop.abort();
  await running;
});
