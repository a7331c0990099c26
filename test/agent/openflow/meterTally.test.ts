import { expect, test } from 'vitest';
import { ByteWriter } from '../../../agent/openflow/bytes.ts';
import { messageType } from '../../../agent/openflow/message.ts';
import { MeterTally } from '../../../agent/openflow/meterTally.ts';

interface Entry {
  readonly id: number;
  readonly packetsIn?: bigint;
  readonly ageSeconds?: number;
  readonly dropped?: readonly bigint[];
}

/** OpenFlow 1.3.5 §A.3.5.12. */
function tally(...pieces: readonly (readonly Entry[])[]): MeterTally {
  return new MeterTally(
    pieces.map((entries) => {
      const writer = new ByteWriter().uint16(9).uint16(0).zeros(4);
      for (const { id, packetsIn = 0n, ageSeconds = 1, dropped = [0n] } of entries) {
        const length = 40 + 16 * dropped.length;
        writer.uint32(id).uint16(length).zeros(6).uint32(1).uint64(packetsIn).uint64(7n);
        writer.uint32(ageSeconds).uint32(5);
        for (const packets of dropped) writer.uint64(packets).uint64(3n);
      }
      return { type: messageType.multipartReply, body: writer.finish() };
    }),
  );
}

test('names those that moved, and no others; that all are older is no move', () => {
  const before = tally([{ id: 1 }, { id: 2, dropped: [0n, 0n] }], [{ id: 3 }, { id: 4 }]);
  const now = tally(
    [
      { id: 1, ageSeconds: 9 },
      { id: 2, ageSeconds: 9, dropped: [0n, 4n] },
    ],
    [
      { id: 3, ageSeconds: 9, packetsIn: 5n },
      { id: 4, ageSeconds: 9 },
    ],
  );
  expect(now.movedSince(before)).toEqual(now.all().filter(({ id }) => id === 2 || id === 3));
  expect(now.movedSince(now)).toEqual([]);
});

test('says that it cannot tell where meters came, went or are others', () => {
  const before = tally([{ id: 1 }, { id: 2 }]);
  for (const other of [
    tally([{ id: 1 }]),
    tally([{ id: 1 }, { id: 3 }]),
    tally([{ id: 2 }, { id: 1 }]),
    tally([{ id: 1 }, { id: 2 }], []),
    tally([{ id: 1 }, { id: 2, dropped: [] }]),
    tally(),
  ]) {
    expect(other.movedSince(before)).toBeNull();
    expect(before.movedSince(other)).toBeNull();
  }
});

test('a length that cannot be is left to be refused where it is decoded', () => {
  const [good, bad] = [tally([{ id: 1 }]), new ByteWriter().uint16(9).uint16(0).zeros(4)];
  bad.uint32(1).uint16(8).zeros(50);
  const malformed = new MeterTally([{ type: messageType.multipartReply, body: bad.finish() }]);
  expect(malformed.movedSince(good)).toBeNull();
  expect(malformed.movedSince(malformed)).toBeNull();
  expect(() => malformed.all()).toThrow();
});
