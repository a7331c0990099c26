import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { firstWord, startTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.subscribe({ query: '{ extension { name } }' });
});
afterAll(() => target?.[Symbol.asyncDispose]());

const address = () => target.url.replace('http', 'ws');
const closeCode = async (socket: WebSocket): Promise<number> => {
  socket.on('error', () => undefined);
  const [code] = await once(socket, 'close');
  return code;
};
const ask = (id: string, query = '{ extension { name } }') =>
  JSON.stringify({ type: 'subscribe', id, payload: { query } });
const watch = 'subscription { agentEvents { type } }';

test.each([
  ['http://evil.example', 403],
  ['null', 403],
])('a page of the origin %s opens no socket', async (origin, status) => {
  const socket = new WebSocket(address(), 'graphql-transport-ws', { origin });
  socket.on('error', () => undefined);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(status);
  socket.terminate();
});

test('the legacy subprotocol is not spoken', async () => {
  const socket = new WebSocket(address(), 'graphql-ws');
  const fault = new Promise<string>((resolve) =>
    socket.once('error', ({ message }) => resolve(message)),
  );
  expect(await fault).toBe('Server sent no subprotocol');
});

const strange = async () => {
  const socket = new WebSocket(address(), 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
};

test('whoever asks before saying who it is, or never says it, is sent away', async () => {
  await target.unharmed(async () => {
    const ends = async (say: (socket: WebSocket) => void) => {
      const socket = await strange();
      const code = closeCode(socket);
      say(socket);
      return code;
    };
    const eager = Array.from({ length: 50 }, () => ends((socket) => socket.send(ask('1'))));
    const mute = Array.from({ length: 50 }, () => ends(() => undefined));
    expect(new Set(await Promise.all(eager))).toEqual(new Set([4401]));
    expect(new Set(await Promise.all(mute))).toEqual(new Set([4408]));
  });
});

test('a second connection_init ends the socket', async () => {
  await target.unharmed(async () => {
    const socket = await target.open();
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await closeCode(socket)).toBe(4429);
  });
});

test('an id that is taken ends the socket', async () => {
  await target.unharmed(async () => {
    const socket = await target.open();
    socket.send(ask('1', watch));
    socket.send(ask('1', watch));
    expect(await closeCode(socket)).toBe(4409);
  });
});

test('20,000 subscriptions on one socket: sixteen run, the others are refused or the socket ends', async () => {
  await target.unharmed(async () => {
    const socket = await target.open();
    socket.on('error', () => undefined);
    for (let n = 0; n < 20_000; n += 1) socket.send(ask(String(n), watch));
    const heard = await Promise.race([
      once(socket, 'close').then(([code]) => ({ closed: code as number })),
      firstWord(socket),
    ]);
    expect(JSON.stringify(heard)).toMatch(/LIMIT_EXCEEDED|"closed":(1008|1009|1013|1006)/);
    socket.terminate();
  });
});

test('subscribing and completing again and again costs nothing that stays', async () => {
  const churn = async () => {
    const socket = await target.open();
    socket.on('error', () => undefined);
    for (let n = 0; n < 5_000 && socket.readyState === socket.OPEN; n += 1) {
      socket.send(ask(String(n), watch));
      socket.send(JSON.stringify({ type: 'complete', id: String(n) }));
    }
    socket.send(ask('last'));
    await firstWord(socket);
    socket.terminate();
  };
  // The heap grows to the size that such a load takes, some rounds long; what stays would show in each.
  for (let round = 1; ; round += 1) {
    try {
      return await target.unharmed(churn);
    } catch (error) {
      if (round === 10) throw error;
    }
  }
});

test('a flood of pings ends the socket or is answered', async () => {
  await target.unharmed(async () => {
    const socket = await target.open();
    socket.on('error', () => undefined);
    for (let n = 0; n < 20_000; n += 1) socket.send('{"type":"ping"}');
    expect(JSON.stringify(await firstWord(socket))).toMatch(/pong|closed/);
    socket.terminate();
  });
});

test.each([
  ['binary', Buffer.from([1, 2, 3, 4]), [4400, 1003, 1008, 1007]],
  ['no JSON', 'nonsense', [4400]],
  ['of 2 MiB', 'x'.repeat(2 * 1024 ** 2), [1009]],
])('a message that is %s ends the socket', async (_what, message, codes) => {
  await target.unharmed(async () => {
    const socket = await target.open();
    socket.send(message);
    expect(codes).toContain(await closeCode(socket));
  });
});

/** RFC 6455 §5.2, by hand: what no client library would send. */
const frame = (opcode: number, payload: Buffer, isFinal = true) => {
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
};
const hugeHead = Buffer.concat([
  Buffer.from([0x81, 0xff]),
  Buffer.from((90n * 1024n ** 2n).toString(16).padStart(16, '0'), 'hex'),
  Buffer.alloc(4),
]);

test.each([
  ['of invalid UTF-8', [frame(1, Buffer.from([0xff, 0xfe]))]],
  ['that announces 90 MiB', [hugeHead, Buffer.alloc(64)]],
  [
    'in 50,000 empty fragments',
    [
      frame(1, Buffer.alloc(0), false),
      Buffer.concat(Array.from({ length: 50_000 }, () => frame(0, Buffer.alloc(0), false))),
    ],
  ],
  [
    'in 50,000 fragments of a byte',
    [
      frame(1, Buffer.from('x'), false),
      Buffer.concat(Array.from({ length: 50_000 }, () => frame(0, Buffer.from('x'), false))),
    ],
  ],
])(
  'a message %s ends the socket',
  async (_what, frames) => {
    await target.unharmed(async () => {
      const { port } = new URL(target.url);
      const wire = connect(Number(port), '127.0.0.1');
      wire.on('error', () => undefined);
      wire.write(
        `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
      );
      await once(wire, 'data');
      for (const bytes of frames) wire.write(bytes);
      await once(wire.resume(), 'close');
    });
  },
  15_000,
);
