/** What tc does not know, and answers with its name: the end of what it printed before. */
export const unknownCommand = 'end';

const marker = Buffer.from(`Object "${unknownCommand}"`);
const failed = Buffer.from('Command failed ');
const newline = 0x0a;
const firstBytes = 4_096;

/** The output of one tc, cut into its answers. Bytes stay bytes: what is as before need not become text. */
export class TcOutput {
  /** Used again for each answer, and as long as twice the longest. */
  #bytes = Buffer.allocUnsafe(firstBytes);
  #start = 0;
  #end = 0;
  /** No marker begins before here. */
  #searched = 0;
  #isFirst = true;

  /** What tc printed that is no answer yet. */
  get rest(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end);
  }

  /** Takes in what tc printed; `onAnswer` hears of each answer that is complete. */
  add(chunk: Buffer, onAnswer: (bytes: Buffer, start: number, end: number) => void): void {
    this.#append(chunk);
    for (let end = this.#nextMarker(); end >= 0; end = this.#nextMarker()) {
      const start = this.#isFirst ? this.#start : this.#afterMarker(end);
      this.#isFirst = false;
      this.#start = this.#searched = end + marker.length;
      onAnswer(this.#bytes, start, end);
    }
  }

  #nextMarker(): number {
    const at = this.#bytes.indexOf(marker, this.#searched);
    if (at >= 0 && at + marker.length <= this.#end) return at;
    this.#searched = Math.max(this.#start, this.#end - marker.length + 1);
    return -1;
  }

  /** The marker's line goes on, and one follows that says which command failed (iproute2 lib/utils.c do_batch). */
  #afterMarker(end: number): number {
    const start = this.#bytes.indexOf(newline, this.#start) + 1;
    const told = start + failed.length;
    const isTold = told <= end && this.#bytes.compare(failed, 0, failed.length, start, told) === 0;
    return isTold ? this.#bytes.indexOf(newline, told) + 1 : start;
  }

  #append(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  #makeRoom(length: number): void {
    const kept = this.#end - this.#start;
    const roomy =
      (kept + length) * 2 > this.#bytes.length
        ? Buffer.allocUnsafe((kept + length) * 2)
        : this.#bytes;
    this.#bytes.copy(roomy, 0, this.#start, this.#end);
    this.#bytes = roomy;
    this.#searched -= this.#start;
    this.#start = 0;
    this.#end = kept;
  }
}
