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
  #rest: Buffer = Buffer.alloc(0);

  *push(chunk: Buffer): Generator<Frame> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (bytes.length - start >= headerBytes) {
      const length = bytes.readUInt16BE(start + 2);
      if (length < headerBytes) {
        throw new MalformedMessage(`A message says it is ${length} bytes long; 8 is the least.`);
      }
      if (bytes.length - start < length) break;
      yield decodeFrame(bytes.subarray(start, start + length));
      start += length;
    }
    this.#rest = bytes.subarray(start);
  }
}

function decodeFrame(bytes: Buffer): Frame {
  return {
    version: bytes.readUInt8(0),
    type: bytes.readUInt8(1),
    xid: bytes.readUInt32BE(4),
    body: bytes.subarray(headerBytes),
  };
}
