import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../lib/log.ts';
import { type Handler, HttpServer } from '../../../src/http/httpServer.ts';
import type { TlsFiles } from '../../../src/http/tlsFiles.ts';
import { startTlsFront } from '../../support/tlsFront.ts';

interface Serving {
  readonly handle: Handler;
  readonly requestMs: number;
  readonly files?: TlsFiles | undefined;
}

/** A server of requests alone; it ends with the test at the latest. */
async function serve({ handle, requestMs, files }: Serving) {
  const server = new HttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    tls: files && { files, clientRequired: false, read: async () => files },
    origins: undefined,
    handle,
    // Nobody opens one here.
    sockets: { closeAll: async () => undefined, terminateAll: () => undefined } as never,
    log: createLog('test', 'silent', 'json'),
    drainMs: 0,
    limits: { sockets: 10, strangersPerAddress: 3, requestMs, operationMs: 100 },
  });
  const stop = new AbortController();
  const running = server.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  onTestFinished(end);
  return { port: (await server.listening).port, end };
}

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('an answer that nobody reads goes with its connection', async () => {
  const answered = Promise.withResolvers<ServerResponse>();
  const handle: Handler = async (_request, response) => {
    // More than the kernel takes in.
    response.end(Buffer.alloc(32 * 1024 ** 2));
    answered.resolve(response);
  };
  const { port } = await serve({ handle, requestMs: 100 });

  const deaf = connect(port, '127.0.0.1').pause();
  deaf.write(request);
  const response = await answered.promise;
  await once(response, 'close');

  expect(response.writableFinished).toBe(false);
  deaf.destroy();
});

async function certificate(): Promise<TlsFiles> {
  await using front = await startTlsFront(0);
  const [cert, key] = await Promise.all([readFile(front.certFile), readFile(front.keyFile)]);
  return { cert, key, clientCa: undefined };
}

test.each([
  ['TCP', async () => undefined],
  ['TLS', certificate],
])(
  'of connections over %s that say nothing an address has so many, and others come in',
  async (_what, filesOf) => {
    const files = await filesOf();
    const handle: Handler = async (_request, response) => void response.end('here');
    const { port } = await serve({ handle, requestMs: 20_000, files });
    const asked = async (localAddress: string) => {
      const to = { port, host: '127.0.0.1', localAddress };
      const socket = files ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined).write(request);
      return new Promise<boolean>((resolve) => {
        socket.once('data', (answer) => resolve(/here$/.test(String(answer))));
        socket.once('close', () => resolve(false));
      });
    };
    const silent = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    onTestFinished(() => {
      for (const socket of silent) socket.destroy();
    });
    await expect.poll(() => asked('127.0.0.1')).toBe(false);

    // One that has asked is silent no more, however long it stays.
    for (let others = 0; others < 5; others += 1) expect(await asked('127.0.0.2')).toBe(true);
    silent[0]?.destroy();
    await expect.poll(() => asked('127.0.0.1')).toBe(true);
  },
);

test('a server that ends answers what it was asked, and does not wait for who asked nothing', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  const { port, end } = await serve({
    handle: async (_request, response) => asked.resolve(response),
    requestMs: 20_000,
  });
  const silent = connect(port, '127.0.0.1').on('error', () => undefined);
  const patient = connect(port, '127.0.0.1');
  for (const socket of [silent, patient]) {
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
  }
  patient.write(request);
  const response = await asked.promise;

  const startedAtMs = performance.now();
  const ended = end();
  await once(silent, 'close');
  const answer = once(patient, 'data');
  response.end('here');
  expect(String(await answer)).toMatch(/here/);
  await ended;
  // Nor for who might ask again: Node leaves 5 s for that.
  expect(performance.now() - startedAtMs).toBeLessThan(4_000);
});
