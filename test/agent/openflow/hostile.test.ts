import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ByteReader, MalformedMessage } from '../../../agent/openflow/bytes.ts';
import { connectOpenFlow } from '../../../agent/openflow/client.ts';
import { ConnectionClosed, OpenFlowError } from '../../../agent/openflow/errors.ts';
import { hello } from '../../../agent/openflow/hello.ts';
import { decodeMatch } from '../../../agent/openflow/match.ts';
import {
  encodeFrame,
  type Frame,
  FrameSplitter,
  messageType,
} from '../../../agent/openflow/message.ts';
import { fuzzing, fuzzTimeoutMs, type Harm, harmed, harms } from '../../support/fuzz.ts';
import { questions, recordAnswers } from './recording.ts';

const all = { cookie: 0n, mask: 0n };

let dir: string;
/** What a real switch answers to each question: the seed of what the hostile one says. */
let answers: readonly (readonly Frame[])[];

beforeAll(async () => {
  dir = await mkdtemp('/tmp/sluice-hostile-');
  answers = await recordAnswers();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Lie {
  readonly question: number;
  /** In the body of the answer, whose frames stay well-formed, or in the stream. */
  readonly within: 'body' | 'stream';
  readonly harms: readonly Harm[];
}

const lies: fc.Arbitrary<Lie> = fc.record({
  question: fc.nat(questions.length - 1),
  within: fc.constantFrom('body', 'stream'),
  harms: harms(['\x04\x13\x00\x10', '\xff\xff\x00\x00\x23\x20', '\x80\x00\x01']),
});

/** The answer to the request of `xid`, its barrier's after it, as the lie has them. */
function spoken({ question, within, harms: all }: Lie, xid: number): Buffer {
  const damage = (bytes: Buffer) => harmed(bytes, all).subarray(0, 0xfff0);
  const frames = (answers[question] ?? []).map(({ type, body }) =>
    encodeFrame(xid, { type, body: within === 'body' ? damage(body) : body }),
  );
  const barrier = encodeFrame(xid + 1, { type: messageType.barrierReply, body: Buffer.alloc(0) });
  const stream = Buffer.concat([...frames, barrier]);
  return within === 'stream' ? damage(stream) : stream;
}

/** A switch that tells one lie, and is gone. */
async function hostileSwitch(path: string, lie: Lie): Promise<Server> {
  const server = createServer((socket: Socket) => {
    const splitter = new FrameSplitter();
    socket.on('error', () => undefined);
    socket.write(encodeFrame(0, hello()));
    socket.on('data', (chunk: Buffer) => {
      for (const { type, xid } of splitter.push(chunk)) {
        if (type === messageType.multipartRequest) socket.end(spoken(lie, xid));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

test(
  'a switch that lies gets an answer taken or an error of ours, never more',
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(lies, async (lie) => {
        const path = join(dir, `${++count}.mgmt`);
        const server = await hostileSwitch(path, lie);
        const client = await connectOpenFlow(path);
        try {
          await questions[lie.question]?.ask(client);
        } catch (error) {
          const known = [ConnectionClosed, MalformedMessage, OpenFlowError];
          expect(known.some((kind) => error instanceof kind) ? null : error).toBeNull();
        } finally {
          await client.close();
          server.close();
        }
      }),
      fuzzing(100),
    );
  },
  fuzzTimeoutMs,
);

/** A switch that greets, and then does what the test wants; `asked`: with each question. */
async function rudeSwitch(
  name: string,
  { met = () => undefined, asked = () => undefined }: Partial<Rudeness>,
): Promise<{ path: string } & AsyncDisposable> {
  const path = join(dir, `${name}.mgmt`);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(encodeFrame(0, hello()));
    met(socket);
    const splitter = new FrameSplitter();
    socket.on('data', (chunk: Buffer) => {
      for (const { type, xid } of splitter.push(chunk)) {
        if (type === messageType.multipartRequest) asked(socket, xid);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, [Symbol.asyncDispose]: async () => void server.close() };
}

interface Rudeness {
  readonly met: (socket: Socket) => void;
  readonly asked: (socket: Socket, xid: number) => void;
}

function flood(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** OFPMPF_REPLY_MORE, and so much besides. */
function endlessPiece(xid: number, length: number): Buffer {
  const body = Buffer.alloc(length);
  if (length >= 4) body.writeUInt16BE(1, 2);
  return encodeFrame(xid, { type: messageType.multipartReply, body });
}

test.each([60_000, 8, 0])(
  'a switch that never ends its answer, in pieces of %s bytes, is left before it fills the memory',
  async (length) => {
    const asked = (socket: Socket, xid: number) => {
      const piece = endlessPiece(xid, length);
      flood(socket, Buffer.concat(Array.from({ length: 65_536 / piece.length }, () => piece)));
    };
    await using rude = await rudeSwitch(`endless-${length}`, { asked });
    const client = await connectOpenFlow(rude.path);
    const before = process.memoryUsage.rss();
    await expect(client.dumpFlows(all)).rejects.toThrow(/not complete are over 33554432 bytes/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 ** 2);
  },
  30_000,
);

test('a switch that asks for echoes without end, and reads none, is left', async () => {
  const echo = encodeFrame(7, { type: messageType.echoRequest, body: Buffer.alloc(60_000) });
  await using rude = await rudeSwitch('echoes', {
    met: (socket) => {
      socket.pause();
      flood(socket, echo);
    },
  });
  const client = await connectOpenFlow(rude.path);
  expect((await client.closed).message).toMatch(/left 16777216 bytes unread/);
});

test('a switch that says everything but the answer is left', async () => {
  const noise = encodeFrame(0xffff_0000, { type: messageType.echoReply, body: Buffer.alloc(0) });
  await using rude = await rudeSwitch('noise', {
    met: (socket) => {
      const talk = setInterval(() => socket.write(noise), 20);
      socket.on('close', () => clearInterval(talk));
    },
  });
  const client = await connectOpenFlow(rude.path, { echoMs: 200 });
  await expect(client.dumpFlows(all)).rejects.toThrow('has not answered within 400 ms');
});

test('a match of as many fields as a message holds is read in a moment', () => {
  const fields = Buffer.concat(
    Array.from({ length: 16_000 }, () => Buffer.from('80003c00', 'hex')),
  );
  const head = Buffer.from([0, 1, (fields.length + 4) >> 8, (fields.length + 4) & 255]);
  const match = Buffer.concat([head, fields, Buffer.alloc(8)]);
  const startedAtMs = performance.now();
  for (let n = 0; n < 10; n += 1) {
    expect(decodeMatch(new ByteReader(match)).others).toHaveLength(16_000);
  }
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});
