import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NotationError } from '../../../agent/ovsdb/notation.ts';
import { openSocket, parseRemote } from '../../../agent/ovsdb/remote.ts';
import { Session } from '../../../agent/ovsdb/session.ts';
import { asObject } from '../../../agent/ovsdb/table.ts';

const KEEPALIVE = { probeAfterMs: 50, answerWithinMs: 100, requestWithinMs: 600 };

describe('parseRemote', () => {
  it.each([
    ['unix:/run/db.sock', { scheme: 'unix', path: '/run/db.sock' }],
    ['tcp:10.0.0.1:6641', { scheme: 'tcp', host: '10.0.0.1', port: 6641 }],
    ['tcp:[::1]:6641', { scheme: 'tcp', host: '::1', port: 6641 }],
    ['ssl:ovs.example', { scheme: 'ssl', host: 'ovs.example', port: 6640 }],
  ])('reads %s', (text, remote) => {
    expect(parseRemote(text)).toEqual(remote);
  });

  it.each(['', 'unix:', 'tcp:', 'tcp:host:0', 'tcp:host:70000', '/run/db.sock', 'ptcp:6640'])(
    'says what would be right instead of "%s"',
    (text) => {
      expect(() => parseRemote(text)).toThrow(/names no OVSDB server: use unix:FILE/);
    },
  );
});

describe('a session', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A peer that is reached and then does what the test wants. */
  async function sessionWith(peer: (socket: Socket) => void): Promise<Session> {
    const server = createServer(peer);
    servers.push(server);
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const remote = parseRemote(`tcp:127.0.0.1:${port}`);
    const socket = await openSocket(remote, undefined, 1_000, new AbortController().signal);
    return new Session(socket, KEEPALIVE, () => undefined);
  }

  it('ends when the peer is silent, also to an echo', async () => {
    const session = await sessionWith(() => undefined);
    const pending = session.request('list_dbs', [], () => null);
    await expect(pending).rejects.toThrow(/no answer to an echo within 100 ms/);
    expect((await session.closed).message).toMatch(/no answer to an echo/);
  });

  it('lives as long as the peer answers echoes, and answers the peer’s', async () => {
    const heard: string[] = [];
    const session = await sessionWith((socket) => {
      socket.write('{"id":"mine","method":"echo","params":["x"]}');
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        if (chunk.includes('"method":"echo"')) {
          socket.write('{"id":"echo","result":[],"error":null}');
        }
      });
    });
    const alive = await Promise.race([
      session.closed,
      new Promise((resolve) => setTimeout(() => resolve('alive'), 400)),
    ]);
    expect(alive).toBe('alive');
    expect(heard.join('')).toContain('{"id":"mine","result":["x"],"error":null}');
    session.close('the test is over');
  });

  it('ends when the peer speaks something else', async () => {
    const session = await sessionWith((socket) => socket.write('SSH-2.0-OpenSSH'));
    expect((await session.closed).message).toMatch(/not a JSON object: SSH-2.0/);
  });

  it('ends when a request is not answered, whatever else the peer says', async () => {
    const session = await sessionWith((socket) => {
      const talk = setInterval(() => socket.write('{"id":"x","result":[],"error":null} \n'), 20);
      socket.on('error', () => undefined).on('close', () => clearInterval(talk));
    });
    const startedAtMs = performance.now();
    const pending = session.request('list_dbs', [], () => null);
    await expect(pending).rejects.toThrow(/no answer to a request within 600 ms/);
    expect(performance.now() - startedAtMs).toBeGreaterThan(550);
  });

  it('ends when the peer asks without end and reads nothing', async () => {
    const ask = JSON.stringify({ id: 1, method: 'echo', params: ['x'.repeat(60_000)] });
    const session = await sessionWith((socket) => {
      socket.pause().on('error', () => undefined);
      const flood = () => {
        while (!socket.destroyed && socket.write(ask));
      };
      socket.on('drain', flood);
      flood();
    });
    expect((await session.closed).message).toMatch(/left 33554432 bytes unread/);
  });

  it('ends when the peer answers what nobody answers, and says what that was', async () => {
    const session = await sessionWith((socket) => {
      socket.on('data', () => socket.write('{"id":1,"result":[1,2],"error":null}'));
    });
    const pending = session.request('transact', ['x'], (answer) => asObject(answer));
    await expect(pending).rejects.toThrow(NotationError);
    expect((await session.closed).message).toMatch(/Expected an object from OVSDB, found \[1,2\]/);
  });
});
