import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { eventually } from '../support/eventually.ts';

test('A subscription that is given up while its socket dials ends, and nothing is heard of it again', async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => {
    sockets.push(socket);
    socket.resume();
  });
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  const { port } = mute.address() as AddressInfo;
  const client = createClient({ server: `http://127.0.0.1:${port}/graphql`, token: 'secret' });
  const stop = new AbortController();
  const { signal } = stop;
  const events = client.subscribe('subscription { agentEvents { type } }', {}, { signal });
  const next = events[Symbol.asyncIterator]().next();
  await eventually(() => expect(sockets).toHaveLength(1));

  stop.abort();

  expect(await next).toEqual({ done: true, value: undefined });
  // An error that nobody hears would fail this run.
  for (const socket of sockets) socket.destroy();
  mute.close();
  await once(mute, 'close');
});
