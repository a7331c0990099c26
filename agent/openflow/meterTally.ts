import { ByteReader } from './bytes.ts';
import type { Message } from './message.ts';
import { decodeMeterStats, type MeterStats, readMeterStats } from './meters.ts';
import { multipartHeaderBytes } from './multipart.ts';

/** §A.3.5.12: offsets in struct ofp_meter_stats. */
const lengthAt = 4;
const countsAt = 12;
const durationAt = 32;
const bandsAt = 40;

/** What all meters have counted, as the switch sent it: what did not move since another one is not decoded. */
export class MeterTally {
  readonly #replies: readonly Message[];

  constructor(replies: readonly Message[]) {
    this.#replies = replies;
  }

  all(): MeterStats[] {
    return decodeMeterStats(this.#replies);
  }

  /** Those of which more than the age is another. Null: it has not the same meters in the same order. */
  movedSince(earlier: MeterTally): MeterStats[] | null {
    if (this.#replies.length !== earlier.#replies.length) return null;
    const moved: MeterStats[] = [];
    for (const [index, { body }] of this.#replies.entries()) {
      const before = earlier.#replies[index]?.body;
      if (!before || !collectMoved(body, before, moved)) return null;
    }
    return moved;
  }
}

/** False: they are of other meters. */
function collectMoved(body: Buffer, before: Buffer, moved: MeterStats[]): boolean {
  if (body.length !== before.length) return false;
  const same = (start: number, end: number) => body.compare(before, start, end, start, end) === 0;
  for (let at = multipartHeaderBytes; at < body.length; ) {
    if (at + bandsAt > body.length || !same(at, at + countsAt)) return false;
    const end = at + body.readUInt16BE(at + lengthAt);
    if (end < at + bandsAt || end > body.length) return false;
    const isAsBefore = same(at + countsAt, at + durationAt) && same(at + bandsAt, end);
    if (!isAsBefore) moved.push(readMeterStats(new ByteReader(body.subarray(at, end))));
    at = end;
  }
  return true;
}
