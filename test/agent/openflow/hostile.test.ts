import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MalformedMessage } from '../../../agent/openflow/bytes.ts';
import { connectOpenFlow, type OpenFlowClient } from '../../../agent/openflow/client.ts';
import { descriptionRequest } from '../../../agent/openflow/description.ts';
import { ConnectionClosed, OpenFlowError } from '../../../agent/openflow/errors.ts';
import { addFlow, flowStatsRequest } from '../../../agent/openflow/flows.ts';
import { hello } from '../../../agent/openflow/hello.ts';
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

test('a switch that lies gets an answer taken or an error of ours, never more', async () => {
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
    { numRuns: Number(process.env.HOSTILE_RUNS ?? 100) },
  );
}, 60_000);

test('a switch that never ends its answer is left before it fills the memory', async () => {
  const path = join(dir, 'endless.mgmt');
  const piece = Buffer.alloc(60_000);
  piece.writeUInt16BE(1, 2); // OFPMPF_REPLY_MORE
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(encodeFrame(0, hello()));
    const splitter = new FrameSplitter();
    socket.on('data', (chunk: Buffer) => {
      for (const { type, xid } of splitter.push(chunk)) {
        if (type !== messageType.multipartRequest) continue;
        const frame = encodeFrame(xid, { type: messageType.multipartReply, body: piece });
        const flood = () => {
          while (!socket.destroyed && socket.write(frame));
        };
        socket.on('drain', flood);
        flood();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const client = await connectOpenFlow(path);
  await expect(client.dumpFlows(all)).rejects.toThrow(/answers to one batch are over \d+ bytes/);
  server.close();
}, 30_000);
