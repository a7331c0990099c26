import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, decodeActions, encodeActions } from '../../../agent/openflow/actions.ts';
import { ByteReader, MalformedMessage } from '../../../agent/openflow/bytes.ts';
import { addFlow, deleteFlowStrict, deleteFlows } from '../../../agent/openflow/flows.ts';
import { decodeMatch, encodeMatch } from '../../../agent/openflow/match.ts';
import { encodeFrame, FrameSplitter, type Message } from '../../../agent/openflow/message.ts';
import { addMeter, deleteMeter, modifyMeter } from '../../../agent/openflow/meters.ts';
import { run } from '../../../scripts/lab/command.ts';
import { actions, matches } from './arbitrary.ts';

/** What Open vSwitch's own decoder makes of our bytes, without header and spacing. */
async function printed(message: Message): Promise<string> {
  const text = await run('ovs-ofctl', ['ofp-print', encodeFrame(7, message).toString('hex')]);
  return text.replaceAll(/\s+/g, ' ').trim();
}

describe('what is encoded is decoded to the same', () => {
  test('a match', () => {
    fc.assert(
      fc.property(matches, (match) => {
        expect(decodeMatch(new ByteReader(encodeMatch(match)))).toEqual(match);
      }),
    );
  });

  test('actions', () => {
    fc.assert(
      fc.property(actions, (list) => {
        expect(decodeActions(new ByteReader(encodeActions(list)))).toEqual(list);
      }),
    );
  });

  test('frames, however the stream is cut', () => {
    const message = fc.record({
      type: fc.nat(255),
      body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(
        fc.array(message),
        fc.array(fc.integer({ min: 1, max: 90 })),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map((each, xid) => encodeFrame(xid, each)));
          const frames = [...received(stream, cuts)];
          expect(frames).toEqual(messages.map((each, xid) => ({ version: 4, xid, ...each })));
        },
      ),
    );
  });
});

test('cut-off bytes are refused as malformed, never read beyond', () => {
  const bytes = encodeActions([
    { type: 'setIpDscp', dscp: 10 },
    { type: 'resubmit', table: 0 },
  ]);
  for (let length = 1; length < bytes.length; length += 1) {
    if (length === 16) continue; // the first action alone
    const cut = () => decodeActions(new ByteReader(bytes.subarray(0, length)));
    expect(cut, `${length} bytes`).toThrow(MalformedMessage);
  }
});

test('arbitrary bytes are decoded or refused as malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const decode of [decodeActions, decodeMatch]) {
        try {
          decode(new ByteReader(Buffer.from(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }
    }),
  );
});

test('a message shorter than its own header ends the stream', () => {
  const zero = Buffer.from('0402000400000001', 'hex');
  expect(() => [...new FrameSplitter().push(zero)]).toThrow('it is 4 bytes long; 8 is the least');
});

test('values that do not fit their field are refused', () => {
  expect(() => encodeActions([{ type: 'resubmit', table: 256 }])).toThrow(RangeError);
  expect(() => encodeMatch({ registers: [{ register: 16, value: 0, mask: 1 }] })).toThrow(
    'registers 0 to 15, not 16',
  );
  expect(() => addMeter({ id: 1, unit: 'kbps', bands: [{ rate: 2 ** 32, burst: null }] })).toThrow(
    RangeError,
  );
});

describe("Open vSwitch's decoder reads what was meant", () => {
  const mark: Action = { type: 'loadRegister', register: 13, offset: 29, bits: 1, value: 1 };

  test.each([
    [
      'a new meter in kilobits',
      addMeter({ id: 5, unit: 'kbps', bands: [{ rate: 10_000, burst: 800 }] }),
      'ADD meter=5 kbps burst stats bands= type=drop rate=10000 burst_size=800',
    ],
    [
      'a changed meter in packets, without a burst',
      modifyMeter({ id: 6, unit: 'pktps', bands: [{ rate: 4_294_967_295, burst: null }] }),
      'MOD meter=6 pktps stats bands= type=drop rate=4294967295',
    ],
    ['a deleted meter', deleteMeter(7), 'DEL meter=7 bands='],
    [
      'a flow with a meter, a DSCP and a mark',
      addFlow({
        cookie: 0x51n,
        table: 0,
        priority: 60_000,
        match: {
          inPort: 9,
          ethType: 0x86dd,
          registers: [{ register: 13, value: 0, mask: 0x2000_0000 }],
        },
        meter: 5,
        actions: [{ type: 'setIpDscp', dscp: 46 }, mark, { type: 'resubmit', table: 0 }],
      }),
      'ADD priority=60000,ipv6,reg13=0/0x20000000,in_port=9 cookie:0x51 actions=meter:5,set_field:46->ip_dscp,load:0x1->NXM_NX_REG13[29],resubmit(,0)',
    ],
    [
      'a flow with a meter alone',
      addFlow({ cookie: 1n, table: 3, priority: 1, match: {}, meter: 9, actions: [] }),
      'ADD table:3 priority=1 cookie:0x1 actions=meter:9',
    ],
    [
      'a flow deleted strictly',
      deleteFlowStrict({ cookie: 0x51n, table: 2, priority: 7, match: { inPort: 9 } }),
      'DEL_STRICT table:2 priority=7,in_port=9 cookie:0x51/0xffffffffffffffff actions=drop',
    ],
    [
      'all flows of some cookies',
      deleteFlows({ cookie: 0x5100n, mask: 0xff00n }),
      'DEL table:255 priority=0 cookie:0x5100/0xff00 actions=drop',
    ],
  ])('%s', async (_name, message, text) => {
    expect(await printed(message)).toContain(text);
  });
});

function* received(stream: Buffer, cuts: readonly number[]) {
  const splitter = new FrameSplitter();
  let start = 0;
  for (const length of [...cuts, stream.length]) {
    yield* splitter.push(stream.subarray(start, start + length));
    start += length;
  }
}
