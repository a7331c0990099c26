import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ByteReader, MalformedMessage } from '../../../agent/openflow/bytes.ts';
import { connectOpenFlow, type OpenFlowClient } from '../../../agent/openflow/client.ts';
import { descriptionRequest } from '../../../agent/openflow/description.ts';
import { ConnectionClosed, OpenFlowError } from '../../../agent/openflow/errors.ts';
import { addFlow, flowStatsRequest } from '../../../agent/openflow/flows.ts';
import { hello } from '../../../agent/openflow/hello.ts';
import { decodeMatch } from '../../../agent/openflow/match.ts';
import {
  encodeFrame,
  type Frame,
  FrameSplitter,
  messageType,
} from '../../../agent/openflow/message.ts';
import {
  addMeter,
  meterConfigRequest,
  meterFeaturesRequest,
  meterStatsRequest,
} from '../../../agent/openflow/meters.ts';
import { fuzzing, fuzzTimeoutMs } from '../../support/fuzz.ts';
import { startSwitch } from '../../support/ovs.ts';

const all = { cookie: 0n, mask: 0n };

/** Every question of the client's, and what it sends for it. */
const questions = [
  { ask: (client: OpenFlowClient) => client.description(), request: descriptionRequest() },
  { ask: (client: OpenFlowClient) => client.meterFeatures(), request: meterFeaturesRequest() },
  { ask: (client: OpenFlowClient) => client.dumpMeters(), request: meterConfigRequest() },
  { ask: (client: OpenFlowClient) => client.dumpMeterStats(), request: meterStatsRequest() },
  { ask: (client: OpenFlowClient) => client.dumpFlows(all), request: flowStatsRequest(all) },
] as const;

let dir: string;
/** What a real switch answers to each question: the seed of what the hostile one says. */
let answers: readonly (readonly Frame[])[];

beforeAll(async () => {
  dir = await mkdtemp('/tmp/sluice-hostile-');
  answers = await realAnswers();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function realAnswers(): Promise<(readonly Frame[])[]> {
  await using ovs = await startSwitch();
  await ovs.addBridge('br0');
  await using client = await connectOpenFlow(ovs.openflow('br0'));
  const flow = { cookie: 7n, table: 0, match: { inPort: 1, ethType: 0x0800 } };
  const errors = await client.batch([
    addMeter({ id: 1, unit: 'kbps', bands: [{ rate: 10_000, burst: 8_000 }] }),
    addMeter({ id: 2, unit: 'pktps', bands: [{ rate: 1, burst: null }] }),
    addFlow({ ...flow, priority: 9, meter: 1, actions: [{ type: 'resubmit', table: 1 }] }),
    addFlow({ ...flow, priority: 8, meter: null, actions: [{ type: 'setIpDscp', dscp: 46 }] }),
  ]);
  expect(errors).toEqual([null, null, null, null]);
  const found: (readonly Frame[])[] = [];
  for (const { request } of questions) {
    const socket = connect(ovs.openflow('br0'));
    socket.write(encodeFrame(0, hello()));
    socket.write(encodeFrame(1, request));
    const splitter = new FrameSplitter();
    const frames: Frame[] = [];
    for await (const chunk of socket) {
      frames.push(...splitter.push(chunk as Buffer));
      if (frames.some(({ xid }) => xid === 1)) break;
    }
    const reply = frames.filter(({ xid }) => xid === 1);
    expect(reply).toHaveLength(1);
    found.push(reply);
  }
  return found;
}

/** One thing done to the bytes of an answer; places are taken modulo its length. */
const harm = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant('length' as const), at: fc.nat(), value: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array() }),
  fc.record({ kind: fc.constant('repeat' as const), times: fc.integer({ min: 2, max: 50 }) }),
);
type Harm = typeof harm extends fc.Arbitrary<infer H> ? H : never;

function harmed(bytes: Buffer, what: Harm): Buffer {
  if (what.kind === 'repeat') return Buffer.concat(Array.from({ length: what.times }, () => bytes));
  const at = what.at % (bytes.length + 1);
  if (what.kind === 'cut') return bytes.subarray(0, at);
  if (what.kind === 'insert') {
    return Buffer.concat([bytes.subarray(0, at), what.bytes, bytes.subarray(at)]);
  }
  const copy = Buffer.from(bytes);
  if (what.kind === 'set' && at < copy.length) copy.writeUInt8(what.value, at);
  if (what.kind === 'length' && at + 1 < copy.length) copy.writeUInt16BE(what.value, at);
  return copy;
}

interface Lie {
  readonly question: number;
  /** In the body of the answer, whose frames stay well-formed, or in the stream. */
  readonly within: 'body' | 'stream';
  readonly harms: readonly Harm[];
}

const lies: fc.Arbitrary<Lie> = fc.record({
  question: fc.nat(questions.length - 1),
  within: fc.constantFrom('body', 'stream'),
  harms: fc.array(harm, { minLength: 1, maxLength: 6 }),
});

/** The answer to the request of `xid`, its barrier's after it, as the lie has them. */
function spoken({ question, within, harms }: Lie, xid: number): Buffer {
  const damage = (bytes: Buffer) => harms.reduce(harmed, bytes).subarray(0, 0xfff0);
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
