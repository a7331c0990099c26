/**
 * Bytes that come in pieces, as one Buffer. Pieces that are kept one by one cost hundreds of bytes each, however
 * small they are, and hold on to the chunk that they were cut from: a peer that sends byte by byte would decide
 * how much memory its message takes.
 */
export class CollectedBytes {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(length * 2);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** What was collected so far, to be looked at before anything else is added. */
  peek(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** All of it; nothing is kept. */
  take(): Buffer {
    const bytes = this.peek();
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }
}
