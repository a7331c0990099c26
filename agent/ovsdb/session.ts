import type { Socket } from 'node:net';
import { messageOf } from '../../lib/errors.ts';
import { OvsdbError, OvsdbUnavailableError, toError } from './errors.ts';
import { JsonFramer, type SizedMessage } from './framing.ts';
import type { Json } from './notation.ts';

export interface Keepalive {
  /** Silence after which the peer is asked for a sign of life, and how long it has to give one. */
  readonly probeAfterMs: number;
  readonly answerWithinMs: number;
  /** How long any request may wait for its answer, whatever else the peer says meanwhile. */
  readonly requestWithinMs: number;
}

interface Pending {
  readonly askedAtMs: number;
  resolve(result: unknown, bytes: number): void;
  reject(error: unknown): void;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

const MAX_PENDING = 10_000;
/** What may wait for a peer that does not read: more than the longest transaction, which changes 10,000 ports. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

/**
 * One JSON-RPC 1.0 conversation over one connected socket (RFC 7047 §4): requests are pipelined,
 * answers find their request by id, echo is answered, and silence is probed.
 */
export class Session {
  /** Resolves with the reason when the conversation is over. Never rejects. */
  readonly closed: Promise<Error>;

  readonly #socket: Socket;
  readonly #keepalive: Keepalive;
  readonly #onNotification: (method: string, params: unknown, bytes: number) => void;
  readonly #framer = new JsonFramer();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #timer: NodeJS.Timeout;
  #deadline: NodeJS.Timeout | undefined;
  #probing = false;
  #reason: Error | undefined;
  #resolveClosed: (reason: Error) => void = () => undefined;

  constructor(
    socket: Socket,
    keepalive: Keepalive,
    onNotification: (method: string, params: unknown, bytes: number) => void,
  ) {
    this.#socket = socket;
    this.#keepalive = keepalive;
    this.#onNotification = onNotification;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#timer = setTimeout(() => this.#onSilence(), keepalive.probeAfterMs);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('the server closed the connection'));
  }

  /**
   * Sends at once, without waiting for earlier answers. `receive` sees the result, and how many bytes its message
   * had, before any later message is looked at: an answer and the first notification after it often come in one chunk.
   */
  request<R>(
    method: string,
    params: Json,
    receive: (result: unknown, bytes: number) => R,
  ): Promise<R> {
    if (this.#reason) return Promise.reject(this.#reason);
    if (this.#pending.size >= MAX_PENDING) {
      return Promise.reject(
        new OvsdbUnavailableError(`OVSDB has not answered the last ${MAX_PENDING} requests.`),
      );
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        askedAtMs: performance.now(),
        resolve: (result, bytes) => resolve(receive(result, bytes)),
        reject,
      });
      this.#deadline ??= this.#awaitAnswers(this.#keepalive.requestWithinMs);
      this.#send({ id, method, params });
    });
  }

  /** Ends the conversation; whatever is pending is rejected with the reason. */
  close(why: string): void {
    if (this.#reason) return;
    this.#reason = new OvsdbUnavailableError(`The connection to OVSDB ended: ${why}.`);
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    this.#socket.destroy();
    for (const { reject } of this.#pending.values()) reject(this.#reason);
    this.#pending.clear();
    this.#resolveClosed(this.#reason);
  }

  #send(message: Json): void {
    this.#socket.write(JSON.stringify(message));
    // Whoever asks for echoes without end, and reads none, would have them all kept here.
    if (this.#socket.writableLength <= MAX_UNREAD_BYTES) return;
    this.close(`it has left ${MAX_UNREAD_BYTES} bytes unread that it was sent`);
  }

  #onData(chunk: Buffer): void {
    this.#probing = false;
    this.#wait(this.#keepalive.probeAfterMs);
    try {
      for (const message of this.#framer.push(chunk)) this.#onMessage(message);
    } catch (error) {
      this.close(messageOf(error));
    }
  }

  #onMessage({ json, bytes }: SizedMessage): void {
    const message = json as Message;
    if (typeof message.method !== 'string') this.#onAnswer(message, bytes);
    else if (message.method === 'echo') {
      this.#send({ id: message.id as Json, result: message.params as Json, error: null });
    } else this.#onNotification(message.method, message.params, bytes);
  }

  #onAnswer({ id, result, error }: Message, bytes: number): void {
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined;
    if (!pending) return;
    this.#pending.delete(id as number);
    try {
      if (error !== null && error !== undefined) throw toError(error);
      pending.resolve(result, bytes);
    } catch (failure) {
      pending.reject(failure);
      // What the server refuses is an answer; what no server answers is the end.
      if (!(failure instanceof OvsdbError)) this.close(messageOf(failure));
    }
  }

  /** One timer for all requests: the oldest was asked first. */
  #awaitAnswers(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#deadline = undefined;
      const { requestWithinMs } = this.#keepalive;
      const [oldest] = this.#pending.values();
      if (!oldest) return;
      const leftMs = oldest.askedAtMs + requestWithinMs - performance.now();
      if (leftMs > 0) this.#deadline = this.#awaitAnswers(leftMs);
      else this.close(`no answer to a request within ${requestWithinMs} ms`);
    }, ms);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onSilence(), ms);
  }

  #onSilence(): void {
    if (this.#probing) {
      this.close(`no answer to an echo within ${this.#keepalive.answerWithinMs} ms`);
      return;
    }
    this.#probing = true;
    this.#wait(this.#keepalive.answerWithinMs);
    this.#send({ id: 'echo', method: 'echo', params: [] });
  }
}
