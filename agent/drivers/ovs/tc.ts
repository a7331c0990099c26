import { batchOf, type DeviceQuestion, type TcBatch } from './tcBatch.ts';
import { TcChild } from './tcChild.ts';
import { TcOutput } from './tcOutput.ts';

/** Hears what tc printed for one of the questions: the bytes from `start` to `end`, which are there while it is called. */
export type TakeAnswer = (index: number, bytes: Buffer, start: number, end: number) => void;

/** Questions that were put to tc in one write. */
interface Inquiry {
  readonly asked: readonly number[];
  answered: number;
  readonly take: TakeAnswer;
  readonly done: PromiseWithResolvers<void>;
}

const answerWithinMs = 5_000;
/** Where more are due, they may as well be read together. */
const fewAnswers = 16;

/**
 * Reads qdiscs and filters through one long-lived `tc -force -batch -`: Node has no netlink, and a
 * process for each look would cost more than the look. Without -force one device that vanished ends it.
 */
export class TcReader {
  readonly #command: readonly string[];
  /** Who asks the very same again need not have it written again. */
  readonly #batches = new WeakMap<readonly DeviceQuestion[], TcBatch>();
  #child: TcChild | null = null;
  #inquiries: Inquiry[] = [];
  #output = new TcOutput();
  /** By name, as they were when this child first looked: it never looks again. */
  #known = new Map<string, number | null>();

  constructor(netns: string | null) {
    const batch = ['tc', '-force', '-statistics', '-batch', '-'];
    this.#command = netns === null ? batch : ['ip', 'netns', 'exec', netns, ...batch];
  }

  /** What tc prints for each question, in their order. */
  async ask(questions: readonly DeviceQuestion[]): Promise<readonly string[]> {
    const texts = questions.map(({ device }) => `"${device.name}" is no device's name.`);
    await this.askEach(questions, (index, bytes, start, end) => {
      texts[index] = bytes.toString('utf8', start, end);
    });
    return texts;
  }

  /** The same, each answer as it comes and without a copy of it: most are what they were the last time. */
  async askEach(questions: readonly DeviceQuestion[], take: TakeAnswer): Promise<void> {
    this.#forgetRenewed(questions);
    const timer = setTimeout(
      () => this.#end(`tc did not answer in ${answerWithinMs} ms.`),
      answerWithinMs,
    );
    try {
      await this.#askTogether(this.#batch(questions), take);
    } finally {
      clearTimeout(timer);
    }
  }

  #batch(questions: readonly DeviceQuestion[]): TcBatch {
    const batch = this.#batches.get(questions) ?? batchOf(questions);
    this.#batches.set(questions, batch);
    return batch;
  }

  /** In one write, however many they are. */
  async #askTogether({ asked, commands }: TcBatch, take: TakeAnswer): Promise<void> {
    if (asked.length === 0) return;
    const done = Promise.withResolvers<void>();
    const child = this.#running();
    this.#inquiries.push({ asked, answered: 0, take, done });
    child.write(commands);
    await done.promise;
  }

  close(): void {
    this.#end('tc was ended.');
  }

  /** iproute2 keeps the index that it once found for a name (lib/ll_map.c), also when another device has that name by now. */
  #forgetRenewed(questions: readonly DeviceQuestion[]): void {
    const isRenewed = questions.some(
      ({ device: { name, ifindex } }) => this.#known.has(name) && this.#known.get(name) !== ifindex,
    );
    if (isRenewed) this.close();
    for (const { device } of questions) this.#known.set(device.name, device.ifindex);
  }

  #running(): TcChild {
    if (this.#child) return this.#child;
    const child: TcChild = new TcChild({
      command: this.#command,
      onOutput: (bytes) => this.#read(child, bytes),
      onEnd: () => this.#lost(child),
    });
    this.#child = child;
    return child;
  }

  /** False: it is worth waiting for more. */
  #read(child: TcChild, bytes: Buffer): boolean {
    if (child !== this.#child) return true;
    this.#output.add(bytes, this.#answer);
    let due = 0;
    for (const { asked, answered } of this.#inquiries) due += asked.length - answered;
    return due <= fewAnswers;
  }

  readonly #answer = (bytes: Buffer, start: number, end: number): void => {
    const [inquiry] = this.#inquiries;
    const index = inquiry?.asked[inquiry.answered];
    if (!inquiry || index === undefined) return;
    inquiry.answered += 1;
    inquiry.take(index, bytes, start, end);
    if (inquiry.answered < inquiry.asked.length) return;
    this.#inquiries.shift();
    inquiry.done.resolve();
  };

  #lost(child: TcChild): void {
    if (child === this.#child) {
      this.#end(`tc ended: ${this.#output.rest.trim() || 'it said nothing'}`);
    }
  }

  #end(reason: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    const inquiries = this.#inquiries;
    this.#inquiries = [];
    this.#output = new TcOutput();
    this.#known.clear();
    for (const { done } of inquiries) done.reject(new Error(reason));
  }
}
