import { MalformedMessage } from './bytes.ts';
import { decodeError, type OpenFlowError } from './errors.ts';
import { encodeFrame, type Frame, type Message, messageType } from './message.ts';
import { hasMore } from './multipart.ts';

/** What the switch answered to one message: pieces of a reply, an error, or nothing, which means done. */
export interface Outcome {
  readonly replies: readonly Message[];
  readonly error: OpenFlowError | null;
}

/**
 * Bounds on what one connection keeps: messages without an answer, and bytes of answers to batches that are not
 * done. All of Open vSwitch's 262,144 meters are 6 MiB, their counters 14, the flows of 10,000 ports 6.
 */
const maxPendingMessages = 10_000;
const maxReplyBytes = 32 * 1024 * 1024;
/** What keeping a piece of a reply takes beside its body, which may be empty. */
const pieceBytes = 256;
const maxXid = 0xffff_ffff;

interface Batch {
  readonly openedAtMs: number;
  /** The first message's; the others' follow, the barrier's is the last. */
  readonly firstXid: number;
  readonly outcomes: { readonly replies: Message[]; error: OpenFlowError | null }[];
  readonly done: PromiseWithResolvers<readonly Outcome[]>;
  replyBytes: number;
}

/**
 * Which answer belongs to which message. Messages travel in batches that end in a barrier: the switch
 * answers it once it has dealt with all before it (§6.2), so silence about a message means success.
 */
export class PendingBatches {
  readonly #batches: Batch[] = [];
  #lastXid = 0;

  /** When the oldest batch that is not done was opened, by performance.now(); null: all are done. */
  get oldestAtMs(): number | null {
    return this.#batches[0]?.openedAtMs ?? null;
  }

  /** The bytes to send, and what will have come of each message. */
  open(messages: readonly Message[]): { bytes: Buffer; outcomes: Promise<readonly Outcome[]> } {
    this.#requireRoom(messages.length);
    const batch: Batch = {
      openedAtMs: performance.now(),
      firstXid: this.#reserve(messages.length + 1),
      outcomes: messages.map(() => ({ replies: [], error: null })),
      done: Promise.withResolvers(),
      replyBytes: 0,
    };
    this.#batches.push(batch);
    const barrier = { type: messageType.barrierRequest, body: Buffer.alloc(0) };
    const frames = [...messages, barrier].map((message, index) =>
      encodeFrame(batch.firstXid + index, message),
    );
    return { bytes: Buffer.concat(frames), outcomes: batch.done.promise };
  }

  /** Takes an answer. One that nobody waits for is dropped. */
  take(frame: Frame): void {
    const batch = this.#batches.find(
      ({ firstXid, outcomes }) => frame.xid >= firstXid && frame.xid <= firstXid + outcomes.length,
    );
    if (!batch) return;
    const outcome = batch.outcomes[frame.xid - batch.firstXid];
    if (!outcome) this.#finish(batch);
    else if (frame.type === messageType.error) outcome.error ??= decodeError(frame);
    else outcome.replies.push(this.#kept(batch, frame));
  }

  /** Rejects everything that is not answered. */
  failAll(reason: Error): void {
    for (const { done } of this.#batches.splice(0)) done.reject(reason);
  }

  #finish(batch: Batch): void {
    const isCutShort = batch.outcomes.some(({ replies }) => {
      const last = replies.at(-1);
      return last !== undefined && hasMore(last);
    });
    if (isCutShort) throw new MalformedMessage('A barrier came before the last piece of a reply.');
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    batch.done.resolve(batch.outcomes);
  }

  /** Without the chunk that it came in, which may be much longer. */
  #kept(batch: Batch, { type, body }: Frame): Message {
    batch.replyBytes += pieceBytes + body.length;
    const kept = this.#batches.reduce((sum, { replyBytes }) => sum + replyBytes, 0);
    if (kept <= maxReplyBytes) return { type, body: Buffer.from(body) };
    throw new MalformedMessage(
      `The answers that are not complete are over ${maxReplyBytes} bytes.`,
    );
  }

  #requireRoom(count: number): void {
    const waiting = this.#batches.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
    if (waiting + count <= maxPendingMessages) return;
    throw new RangeError(
      `${waiting} messages have no answer yet and ${count} more make it over ${maxPendingMessages}.`,
    );
  }

  /** Consecutive ids; 0 is left to messages that no answer is awaited for. */
  #reserve(count: number): number {
    const first = this.#lastXid + count > maxXid ? 1 : this.#lastXid + 1;
    this.#lastXid = first + count - 1;
    return first;
  }
}
