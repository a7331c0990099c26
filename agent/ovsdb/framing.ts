import { CollectedBytes } from '../../lib/collectedBytes.ts';

/** The peer sent what cannot be JSON-RPC; the connection is of no more use. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** What one message may have at most. */
export interface MessageBounds {
  readonly bytes: number;
  /** Marks outside strings that begin a value: `[`, `{`, `,` and `:`. */
  readonly values: number;
  /** Brackets within brackets. */
  readonly depth: number;
}

/**
 * Open vSwitch with 10,000 ports and their QoS is 12 MB in 1.2 million values, 10 deep, as is its schema (measured).
 * JSON.parse makes up to 92 bytes of a value (measured): whatever a message says, it takes 368 MiB beside its text.
 */
export const messageBounds: MessageBounds = {
  bytes: 64 * 1024 * 1024,
  values: 4_000_000,
  depth: 64,
};

/** A message, and how long it was. */
export interface SizedMessage {
  readonly json: unknown;
  readonly bytes: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Cuts a byte stream into JSON objects. RFC 7047 §4 puts nothing between messages, so their ends are
 * found by counting brackets outside strings. Every byte is looked at once and UTF-8 is safe: bytes
 * of a longer character are never ASCII.
 */
export class JsonFramer {
  readonly #bounds: MessageBounds;
  readonly #begun = new CollectedBytes();
  #values = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(bounds: MessageBounds = messageBounds) {
    this.#bounds = bounds;
  }

  /** The messages that end in this chunk. Throws FramingError on anything but JSON objects within the bounds. */
  push(chunk: Buffer): SizedMessage[] {
    const messages: SizedMessage[] = [];
    let from = this.#depth > 0 ? 0 : startOfMessage(chunk, 0);
    while (from < chunk.length) {
      const end = this.#endOfMessage(chunk, from);
      const part = chunk.subarray(from, end ?? chunk.length);
      this.#requireRoom(part);
      if (end === undefined) {
        this.#begun.add(part);
        return messages;
      }
      messages.push(this.#parse(part));
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
      else if (byte === COMMA || byte === COLON) this.#values++;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open();
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

  #open(): void {
    this.#values++;
    this.#depth++;
    const { depth } = this.#bounds;
    if (this.#depth > depth) {
      throw new FramingError(
        `OVSDB sent a message whose values are nested more than ${depth} deep.`,
      );
    }
  }

  #requireRoom(part: Buffer): void {
    const { bytes, values } = this.#bounds;
    if (this.#begun.length + part.length > bytes) {
      throw new FramingError(`OVSDB sent a message of more than ${bytes} bytes.`);
    }
    if (this.#values > values) {
      throw new FramingError(`OVSDB sent a message of more than ${values} values.`);
    }
  }

  #parse(last: Buffer): SizedMessage {
    let bytes = last;
    if (this.#begun.length > 0) {
      this.#begun.add(last);
      bytes = this.#begun.take();
    }
    this.#values = 0;
    try {
      return { json: JSON.parse(bytes.toString('utf8')), bytes: bytes.length };
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
