/** Bytes that are not what the OpenFlow specification says they should be. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** Reads fields in network byte order; asking for more than there is throws MalformedMessage. */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8));
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** The next bytes, shared with the source. */
  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A reader of the next bytes only. */
  slice(length: number): ByteReader {
    return new ByteReader(this.bytes(length));
  }

  #advance(length: number): number {
    if (length < 0 || length > this.remaining) {
      throw new MalformedMessage(`A field of ${length} bytes has ${this.remaining} bytes left.`);
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Writes fields in network byte order; a value that does not fit its field throws RangeError. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(128);
  #length = 0;

  uint8(value: number): this {
    const start = this.#grow(1);
    this.#bytes.writeUInt8(value, start);
    return this;
  }

  uint16(value: number): this {
    const start = this.#grow(2);
    this.#bytes.writeUInt16BE(value, start);
    return this;
  }

  uint32(value: number): this {
    const start = this.#grow(4);
    this.#bytes.writeUInt32BE(value, start);
    return this;
  }

  uint64(value: bigint): this {
    const start = this.#grow(8);
    this.#bytes.writeBigUInt64BE(value, start);
    return this;
  }

  zeros(length: number): this {
    const start = this.#grow(length);
    this.#bytes.fill(0, start, start + length);
    return this;
  }

  bytes(value: Buffer): this {
    const start = this.#grow(value.length);
    value.copy(this.#bytes, start);
    return this;
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return start;
  }
}

/** How many bytes fill a field up to OpenFlow's alignment of 8. */
export function paddingAfter(length: number): number {
  return (8 - (length % 8)) % 8;
}
