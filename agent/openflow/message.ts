import { CollectedBytes } from '../../lib/collectedBytes.ts';
import { ByteWriter, MalformedMessage } from './bytes.ts';

/** OpenFlow 1.3 (specification 1.3.5); the numbers of enum ofp_type, §A.1. */
export const wireVersion = 0x04;

export const messageType = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  flowMod: 14,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  barrierReply: 21,
  meterMod: 29,
} as const;

/** A message without its header: the connection gives it a transaction id. */
export interface Message {
  readonly type: number;
  readonly body: Buffer;
}

/** A message as it came, or as it goes. */
export interface Frame extends Message {
  readonly version: number;
  readonly xid: number;
}

const headerBytes = 8;

/** §A.1: version, type, length with the header, transaction id. */
export function encodeFrame(xid: number, { type, body }: Message): Buffer {
  return new ByteWriter()
    .uint8(wireVersion)
    .uint8(type)
    .uint16(headerBytes + body.length)
    .uint32(xid)
    .bytes(body)
    .finish();
}

/** Cuts a stream of bytes into frames. Holds less than one message, 64 KiB, between two chunks. */
export class FrameSplitter {
  readonly #begun = new CollectedBytes();

  *push(chunk: Buffer): Generator<Frame> {
    let rest = chunk;
    while (this.#begun.length > 0 && rest.length > 0) {
      const part = rest.subarray(0, lackingBytes(this.#begun.peek()));
      this.#begun.add(part);
      rest = rest.subarray(part.length);
      if (lackingBytes(this.#begun.peek()) === 0) yield decodeFrame(this.#begun.take());
    }
    while (lackingBytes(rest) <= 0) {
      const length = rest.length + lackingBytes(rest);
      yield decodeFrame(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#begun.add(rest);
  }
}

/** How many bytes a message that begins so lacks, as far as it is known; below 0: the next has begun. */
function lackingBytes(begun: Buffer): number {
  if (begun.length < headerBytes) return headerBytes - begun.length;
  const length = begun.readUInt16BE(2);
  if (length < headerBytes) {
    throw new MalformedMessage(`A message says it is ${length} bytes long; 8 is the least.`);
  }
  return length - begun.length;
}

function decodeFrame(bytes: Buffer): Frame {
  return {
    version: bytes.readUInt8(0),
    type: bytes.readUInt8(1),
    xid: bytes.readUInt32BE(4),
    body: bytes.subarray(headerBytes),
  };
}
