import { ByteReader, ByteWriter } from './bytes.ts';
import { type Message, messageType } from './message.ts';

/** §A.3.5: the kinds of enum ofp_multipart_type that are spoken here. */
export const multipartType = {
  description: 0,
  flow: 1,
  meter: 9,
  meterConfig: 10,
  meterFeatures: 11,
} as const;

type MultipartType = (typeof multipartType)[keyof typeof multipartType];

/** Type, flags and padding, before the first entry. */
export const multipartHeaderBytes = 8;

/** A question whose answer may come in several pieces. */
export function multipartRequest(type: MultipartType, body: Buffer = Buffer.alloc(0)): Message {
  const writer = new ByteWriter().uint16(type).uint16(0).zeros(4).bytes(body);
  return { type: messageType.multipartRequest, body: writer.finish() };
}

/** OFPMPF_REPLY_MORE: another piece with the same transaction id follows. */
export function hasMore(reply: Message): boolean {
  if (reply.type !== messageType.multipartReply) return false;
  const reader = new ByteReader(reply.body);
  reader.skip(2);
  return (reader.uint16() & 1) === 1;
}

/** Readers over the pieces' contents. An entry never spans two pieces (§A.3.5). */
function pieces(replies: readonly Message[]): ByteReader[] {
  return replies.map(({ body }) => {
    const reader = new ByteReader(body);
    reader.skip(multipartHeaderBytes);
    return reader;
  });
}

/** Everything that `readEntry` finds in the pieces. */
export function entries<T>(replies: readonly Message[], readEntry: (reader: ByteReader) => T): T[] {
  const found: T[] = [];
  for (const piece of pieces(replies)) while (piece.remaining > 0) found.push(readEntry(piece));
  return found;
}
