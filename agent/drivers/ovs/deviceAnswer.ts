/** An action's ages, which go on by themselves (iproute2 tc/tc_util.c print_tm): a policer's line has them at its end. */
const ages = Buffer.from(' installed ');
const newline = 0x0a;
/** One that is longer has the queues of many, and is read for each of them. */
const keptTextBytes = 4_096;

/** What tc printed of one device, kept to be compared with what it prints next. */
export class DeviceAnswer {
  readonly #bytes: Buffer;
  /** Up to here and from there on nothing moves by itself. */
  readonly #agesStart: number;
  readonly #agesEnd: number;
  #text: string | null = null;

  constructor(bytes: Buffer, start: number, end: number) {
    // Not of the pool that short-lived buffers share: each would hold on to 8 KiB of it.
    this.#bytes = Buffer.allocUnsafeSlow(end - start);
    bytes.copy(this.#bytes, 0, start, end);
    const { length } = this.#bytes;
    const found = this.#bytes.indexOf(ages);
    this.#agesStart = found < 0 ? length : found;
    this.#agesEnd = found < 0 ? length : lineEnd(this.#bytes, found, length);
  }

  get text(): string {
    if (this.#text !== null) return this.#text;
    const text = this.#bytes.toString('utf8');
    if (text.length > keptTextBytes) this.#text = text;
    return text;
  }

  /** Nobody needs the text soon. */
  rest(): void {
    this.#text = null;
  }

  /** Whether tc says the same again; how old it is may differ. */
  isLike(bytes: Buffer, start: number, end: number): boolean {
    const agesStart = start + this.#agesStart;
    const { length } = this.#bytes;
    if (agesStart > end) return false;
    if (this.#bytes.compare(bytes, start, agesStart, 0, this.#agesStart) !== 0) return false;
    if (this.#agesStart === length) return agesStart === end;
    const agesEnd = lineEnd(bytes, agesStart, end);
    return this.#bytes.compare(bytes, agesEnd, end, this.#agesEnd, length) === 0;
  }
}

function lineEnd(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(newline, from);
  return at < 0 || at > end ? end : at;
}
