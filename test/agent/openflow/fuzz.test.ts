import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ByteReader, MalformedMessage } from '../../../agent/openflow/bytes.ts';
import { ConnectionClosed } from '../../../agent/openflow/errors.ts';
import { offeredVersions } from '../../../agent/openflow/hello.ts';
import {
  encodeFrame,
  type Frame,
  FrameSplitter,
  messageType,
} from '../../../agent/openflow/message.ts';
import { PendingBatches } from '../../../agent/openflow/pending.ts';
import { Snapshot } from '../../../agent/openflow/snapshot.ts';
import {
  cutAt,
  fuzzing,
  fuzzTimeoutMs,
  type Harm,
  harmed,
  harms,
  isUnpolluted,
} from '../../support/fuzz.ts';
import { questions, recordAnswers } from './recording.ts';

let answers: readonly (readonly Frame[])[];
beforeAll(async () => {
  answers = await recordAnswers();
});

const barrier = { type: messageType.barrierReply, body: Buffer.alloc(0) };
/** The transaction ids that a new PendingBatches gives to the questions: each with its barrier. */
const xidOf = (question: number) => 2 * question + 1;

/** The whole conversation, frame by frame: each question's answer, and its barrier's. */
function conversation(): Buffer[] {
  return answers.flatMap((frames, question) => [
    ...frames.map((frame) => encodeFrame(xidOf(question), frame)),
    encodeFrame(xidOf(question) + 1, barrier),
  ]);
}

/** Everything that the client does with what comes, without a socket: what the questions' answers are read as. */
async function take(pieces: readonly Buffer[]): Promise<readonly unknown[]> {
  const splitter = new FrameSplitter();
  const pending = new PendingBatches();
  const asked = questions.map(({ request }) => pending.open([request]).outcomes);
  const outcomes = Promise.allSettled(asked);
  try {
    for (const piece of pieces) {
      for (const frame of splitter.push(piece)) {
        if (frame.type === messageType.hello) offeredVersions(frame);
        else pending.take(frame);
      }
    }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
  }
  pending.failAll(new ConnectionClosed('It is over.'));
  const read = (await outcomes).map((outcome, question) => {
    if (outcome.status === 'rejected') return outcome.reason;
    const [{ replies = [], error = null } = {}] = outcome.value;
    if (error) return error;
    new Snapshot(replies, replies).isLike(new Snapshot([...replies], [...replies]));
    return ours(() => questions[question]?.read(replies));
  });
  expect(isUnpolluted()).toBe(true);
  return read;
}

/** The value, or what this program says of bytes that no switch sends; anything else is thrown. */
function ours<T>(read: () => T): T | MalformedMessage {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMessage) return error;
    throw error;
  }
}

describe('a conversation with a real switch', () => {
  test('is the same in single bytes, and cut at each place', async () => {
    const stream = Buffer.concat(conversation());
    const whole = await take([stream]);
    expect(whole).toMatchObject([
      { software: expect.stringMatching(/^\d/) },
      { canDrop: true },
      [{ id: 1 }, { id: 2 }],
      [{ id: 1 }, { id: 2 }],
      expect.arrayContaining([expect.objectContaining({ cookie: 7n, meter: 1 })]),
    ]);
    expect(await take([...stream].map((byte) => Buffer.from([byte])))).toEqual(whole);
    const frames = [...new FrameSplitter().push(stream)].map(textOf).join();
    for (let place = 1; place < stream.length; place += 1) {
      const splitter = new FrameSplitter();
      const pieces = [stream.subarray(0, place), stream.subarray(place)];
      const found = pieces.flatMap((piece) => [...splitter.push(piece)]).map(textOf);
      expect(found.join() === frames, `cut at ${place}`).toBe(true);
    }
  });
});

const textOf = ({ version, type, xid, body }: Frame) =>
  `${version} ${type} ${xid} ${body.toString('latin1')}`;

/** Headers, the beginnings of actions and of fields: what is read further where it stands. */
const tokens = [
  ...[
    '\x04\x13\x00\x10',
    '\x04\x01\x00\x0c',
    '\x04\x15\x00\x08',
    '\x04\x00\x00\x10\x00\x00\x00\x00\x00\x01\x00\x08',
  ],
  ...[
    '\xff\xff\x00\x18\x00\x00\x23\x20\x00\x07',
    '\xff\xff\x00\x10\x00\x00\x23\x20\x00\x0e\xff\xf8',
    '\x00\x19\x00\x10\x80\x00\x10\x01',
  ],
  ...[
    '\x00\x01\x00\x04',
    '\x80\x00\x00\x04',
    '\x00\x01\x06\x04',
    '\x00\x06\x00\x08',
    '\x00\x04\x00\x08',
  ],
];
const which = fc.nat();
/** Null: the type that it has. */
const types = fc.option(fc.constantFrom(...Object.values(messageType)), { freq: 4 });

test(
  'whose frames have other contents is refused as malformed or read',
  async () => {
    const lies = fc.array(fc.tuple(which, harms(tokens), types), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(lies, async (told) => {
        const frames = conversation();
        for (const [at, all, type] of told) {
          const index = at % frames.length;
          frames[index] = withBody(frames[index]!, all, type);
        }
        await take(frames);
      }),
      fuzzing(1_000),
    );
  },
  fuzzTimeoutMs,
);

/** The same header, and a length that is right. */
function withBody(frame: Buffer, all: readonly Harm[], type: number | null): Buffer {
  const body = harmed(frame.subarray(8), all).subarray(0, 0xfff0);
  return encodeFrame(frame.readUInt32BE(4), { type: type ?? frame.readUInt8(1), body });
}

test(
  'whose stream is changed, cut, moved or doubled is refused as malformed or read',
  async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(harms(tokens), cuts, async (all, places) => {
        await take(cutAt(harmed(Buffer.concat(conversation()), all), places));
      }),
      fuzzing(500),
    );
  },
  fuzzTimeoutMs,
);

test(
  'any bytes at all are read by each decoder or refused as malformed',
  () => {
    const part = fc.oneof(
      fc.constantFrom(...tokens).map((token) => Buffer.from(token, 'latin1')),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const body = Buffer.concat(parts);
        for (const { read } of questions)
          ours(() => read([{ type: messageType.multipartReply, body }]));
        ours(() => offeredVersions({ version: 4, type: messageType.hello, xid: 0, body }));
        ours(() => new ByteReader(body).uint64());
      }),
      fuzzing(1_000),
    );
  },
  fuzzTimeoutMs,
);
