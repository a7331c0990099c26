/** The peer sent what cannot be JSON-RPC; the connection is of no more use. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts a byte stream into JSON objects. RFC 7047 §4 puts nothing between messages, so their ends are
 * found by counting brackets outside strings. Every byte is looked at once and UTF-8 is safe: bytes
 * of a longer character are never ASCII.
 */
export class JsonFramer {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The messages that end in this chunk. Throws FramingError on anything but JSON objects. */
  push(chunk: Buffer): unknown[] {
    const messages: unknown[] = [];
    let from = this.#depth > 0 ? 0 : startOfMessage(chunk, 0);
    while (from < chunk.length) {
      const end = this.#endOfMessage(chunk, from);
      this.#keep(chunk.subarray(from, end ?? chunk.length));
      if (end === undefined) return messages;
      messages.push(this.#takeMessage());
      from = startOfMessage(chunk, end);
    }
    return messages;
  }

  /** The index past the byte that closes the message, if it is in this chunk. */
  #endOfMessage(chunk: Buffer, from: number): number | undefined {
    let index = from;
    while (index < chunk.length) {
      if (this.#inString) {
        index = this.#skipString(chunk, index);
        continue;
      }
      const byte = chunk[index++];
      if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--this.#depth === 0) return index;
      }
    }
    return undefined;
  }

  #skipString(chunk: Buffer, from: number): number {
    let index = from;
    while (index < chunk.length) {
      const byte = chunk[index++];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return index;
      }
    }
    return index;
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      throw new FramingError(`A message of more than ${this.#maxBytes} bytes came from OVSDB.`);
    }
    this.#parts.push(part);
  }

  #takeMessage(): unknown {
    const [first, ...rest] = this.#parts;
    const bytes = first && rest.length === 0 ? first : Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      throw new FramingError(`OVSDB sent what is not JSON: ${bytes.toString('utf8', 0, 100)}`);
    }
  }
}

function startOfMessage(chunk: Buffer, from: number): number {
  let index = from;
  while (index < chunk.length && isSpace(chunk[index])) index++;
  if (index < chunk.length && chunk[index] !== OPEN_BRACE) {
    throw new FramingError(
      `OVSDB sent what is not a JSON object: ${chunk.toString('utf8', index, index + 100)}`,
    );
  }
  return index;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
