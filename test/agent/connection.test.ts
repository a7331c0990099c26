import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Connection, type ConnectionOptions, type SessionUser } from '../../agent/connection.ts';
import { patience } from '../../agent/persist.ts';
import { type Session, sessionTiming } from '../../agent/session.ts';
import { AnswerError } from '../../agent/sessionErrors.ts';
import { createLog } from '../../lib/log.ts';
import { AgentHeartbeatDocument, HostQosChangesDocument } from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';

let server: FeedServer;
let stop: AbortController;
let running: Promise<void>;
const sessions: Session[] = [];
const log = createLog('test', 'silent', 'json');
const quick = { baseMs: 5, capMs: 20 };
/** Keeps the sessions, and opens a feed in each. */
const user: SessionUser = {
  name: 'user',
  serve: (session, signal) =>
    new Promise((resolve) => {
      sessions.push(session);
      session.subscribe(HostQosChangesDocument, { host: 'h' }, { next() {}, ended() {} });
      signal.addEventListener('abort', () => resolve());
    }),
};

beforeEach(async () => {
  server = await FeedServer.start();
  stop = new AbortController();
  sessions.length = 0;
});
afterEach(async () => {
  stop.abort();
  await running;
  await server.stop();
});

function connect(options: Partial<ConnectionOptions> = {}): void {
  const connection = new Connection({
    servers: [server.url],
    token: async () => 'secret',
    users: [user],
    log,
    timing: sessionTiming,
    patience: { transient: quick, refused: quick },
    onConnected: () => {},
    ...options,
  });
  running = connection.run(stop.signal);
}

describe('The connection', () => {
  test('brings the token, and carries requests and a subscription on one socket', async () => {
    connect();
    await eventually(() => expect(server.feedCount).toBe(1));

    const input = { host: 'h', binary: 'b', agentType: 't' };
    const answer = await sessions[0]!.request(AgentHeartbeatDocument, { input });

    expect(answer.agentHeartbeat.intervalMs).toBe(60_000);
    expect(server.tokens).toEqual(['Bearer secret']);
    expect(server.socketCount).toBe(1);
  });

  // graphql-ws by itself gives up on 1011 and most of 4400 to 4500, and dials again by itself on 1000.
  test.each([1000, 1001, 1011, 1012, 4400, 4401, 4403, 4429, 4500])(
    'comes back, once, after a close with code %i',
    async (code) => {
      connect();
      await eventually(() => expect(server.feedCount).toBe(1));

      server.close(code);

      await eventually(() => expect(sessions).toHaveLength(2));
      await eventually(() => expect(server.feedCount).toBe(1));
      expect(server.opened).toHaveLength(2);
      expect(server.socketCount).toBe(1);
      expect(sessions[0]!.signal.reason).toMatchObject({ name: 'SessionEnded', code });
    },
  );

  test('comes back after a cut in the middle of a request, which fails', async () => {
    connect();
    await eventually(() => expect(sessions).toHaveLength(1));
    server.stall();
    const input = { host: 'h', binary: 'b', agentType: 't' };
    const request = sessions[0]!.request(AgentHeartbeatDocument, { input });

    server.cut();

    await expect(request).rejects.toThrow('closed');
    await eventually(() => expect(sessions).toHaveLength(2));
  });

  test('notices a half-open socket by a ping without an answer', async () => {
    connect({ timing: { ...sessionTiming, pingMs: 30, pongMs: 60 } });
    await eventually(() => expect(server.feedCount).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sessions).toHaveLength(1);

    server.stall();

    await eventually(() => expect(sessions).toHaveLength(2));
    expect(sessions[0]!.signal.reason.message).toBe(
      'The server did not answer a ping within 60 ms.',
    );
  });

  test('gives up on a request without an answer, and on one of a session that has ended', async () => {
    connect({ timing: { ...sessionTiming, answerMs: 50 } });
    await eventually(() => expect(sessions).toHaveLength(1));
    const input = { host: 'h', binary: 'b', agentType: 't' };
    server.stall();
    await expect(sessions[0]!.request(AgentHeartbeatDocument, { input })).rejects.toThrow(
      'The server did not answer within 50 ms.',
    );

    server.cut();
    await eventually(() => expect(sessions).toHaveLength(2));

    await expect(sessions[0]!.request(AgentHeartbeatDocument, { input })).rejects.toThrow();
    expect(server.socketCount).toBe(1);
  });

  test('hands on the error of an answer, with its code', async () => {
    server.failWith = 'CONFLICT';
    connect();
    await eventually(() => expect(sessions).toHaveLength(1));

    const input = { host: 'h', binary: 'b', agentType: 't' };
    const request = sessions[0]!.request(AgentHeartbeatDocument, { input });

    await expect(request).rejects.toThrow(AnswerError);
    await expect(request).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test.each([4401, 4403])(
    'asks again slowly when its token is refused with %i, with the token that is then there',
    async (code) => {
      server.refuseWith = code;
      let token = 'old';
      const pauses = { ...patience, transient: quick, refused: { baseMs: 200, capMs: 200 } };
      connect({ token: async () => token, patience: pauses });
      await eventually(() => expect(server.tokens).toContain('Bearer old'));
      token = 'new';
      server.refuseWith = null;

      await eventually(() => expect(sessions).toHaveLength(1));

      expect(server.tokens.at(-1)).toBe('Bearer new');
      expect(server.tokens.length).toBeLessThan(10);
    },
  );

  test('goes on when there is no token to read yet', async () => {
    let attempts = 0;
    connect({
      token: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('The token is not there.');
        return 'secret';
      },
    });

    await eventually(() => expect(sessions).toHaveLength(1));
    expect(attempts).toBe(3);
  });

  test('asks its servers in turn', async () => {
    const away = await FeedServer.start();
    const nowhere = away.url;
    await away.stop();
    const other = await FeedServer.start();
    try {
      connect({ servers: [nowhere, server.url, other.url] });
      await eventually(() => expect(server.feedCount).toBe(1));

      server.cut();

      await eventually(() => expect(other.feedCount).toBe(1));
    } finally {
      stop.abort();
      await running;
      await other.stop();
    }
  });

  test('turns from a server that took the socket and says nothing more, not even that it closes', async () => {
    const mute = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    mute.on('connection', (socket) => socket.pause());
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    try {
      connect({
        servers: [`http://127.0.0.1:${port}/graphql`, server.url],
        timing: { ...sessionTiming, openMs: 200, closeMs: 200 },
      });
      await eventually(() => expect(server.feedCount).toBe(1));
    } finally {
      for (const socket of mute.clients) socket.terminate();
      mute.close();
    }
  });

  test('takes leave when it stops', async () => {
    connect();
    await eventually(() => expect(server.feedCount).toBe(1));

    stop.abort();
    await running;

    expect(sessions[0]!.signal.reason).toMatchObject({ code: 1000 });
    await eventually(() => expect(server.socketCount).toBe(0));
  });

  test('stops at once while it dials a server that never answers', async () => {
    let dialled = 0;
    const silentServer = createServer((socket) => {
      dialled += 1;
      socket.resume();
    });
    await once(silentServer.listen(0, '127.0.0.1'), 'listening');
    const { port } = silentServer.address() as AddressInfo;
    connect({ servers: [`http://127.0.0.1:${port}/graphql`] });
    await eventually(() => expect(dialled).toBe(1));

    stop.abort();
    await running;

    silentServer.close();
    await once(silentServer, 'close');
    expect(sessions).toHaveLength(0);
  });
});
