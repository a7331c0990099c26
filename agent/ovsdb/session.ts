import type { Socket } from 'node:net';
import { messageOf } from '../../lib/errors.ts';
import { OvsdbError, OvsdbUnavailableError } from './errors.ts';
import { JsonFramer } from './framing.ts';
import type { Json } from './notation.ts';

/** Silence after which the peer is asked for a sign of life, and how long it has to give one. */
export interface Keepalive {
  readonly probeAfterMs: number;
  readonly answerWithinMs: number;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** More than any database that this project reads: 10,000 ports with their QoS are about 20 MB. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const MAX_PENDING = 10_000;

/**
 * One JSON-RPC 1.0 conversation over one connected socket (RFC 7047 §4): requests are pipelined,
 * answers find their request by id, echo is answered, and silence is probed.
 */
export class Session {
  /** Resolves with the reason when the conversation is over. Never rejects. */
  readonly closed: Promise<Error>;

  readonly #socket: Socket;
  readonly #keepalive: Keepalive;
  readonly #onNotification: (method: string, params: unknown) => void;
  readonly #framer = new JsonFramer(MAX_MESSAGE_BYTES);
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #timer: NodeJS.Timeout;
  #probing = false;
  #reason: Error | undefined;
  #resolveClosed: (reason: Error) => void = () => undefined;

  constructor(
    socket: Socket,
    keepalive: Keepalive,
    onNotification: (method: string, params: unknown) => void,
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
   * Sends at once, without waiting for earlier answers. `receive` sees the result before any later
   * message is looked at: an answer and the first notification after it often come in one chunk.
   */
  request<R>(method: string, params: Json, receive: (result: unknown) => R): Promise<R> {
    if (this.#reason) return Promise.reject(this.#reason);
    if (this.#pending.size >= MAX_PENDING) {
      return Promise.reject(
        new OvsdbUnavailableError(`OVSDB has not answered the last ${MAX_PENDING} requests.`),
      );
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: (result) => resolve(receive(result)), reject });
      this.#send({ id, method, params });
    });
  }

  /** Ends the conversation; whatever is pending is rejected with the reason. */
  close(why: string): void {
    if (this.#reason) return;
    this.#reason = new OvsdbUnavailableError(`The connection to OVSDB ended: ${why}.`);
    clearTimeout(this.#timer);
    this.#socket.destroy();
    for (const { reject } of this.#pending.values()) reject(this.#reason);
    this.#pending.clear();
    this.#resolveClosed(this.#reason);
  }

  #send(message: Json): void {
    this.#socket.write(JSON.stringify(message));
  }

  #onData(chunk: Buffer): void {
    this.#probing = false;
    this.#wait(this.#keepalive.probeAfterMs);
    try {
      for (const message of this.#framer.push(chunk)) this.#onMessage(message as Message);
    } catch (error) {
      this.close(messageOf(error));
    }
  }

  #onMessage(message: Message): void {
    if (typeof message.method !== 'string') this.#onAnswer(message);
    else if (message.method === 'echo') {
      this.#send({ id: message.id as Json, result: message.params as Json, error: null });
    } else this.#onNotification(message.method, message.params);
  }

  #onAnswer({ id, result, error }: Message): void {
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined;
    if (!pending) return;
    this.#pending.delete(id as number);
    try {
      if (error !== null && error !== undefined) throw toError(error);
      pending.resolve(result);
    } catch (failure) {
      pending.reject(failure);
    }
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

/** RFC 7047 §3.1 `<error>`; an unknown method gets a bare string (JSON-RPC 1.0 leaves it open). */
export function toError(error: unknown, operationIndex: number | null = null): OvsdbError {
  if (typeof error === 'object' && error !== null && 'error' in error) {
    const details = 'details' in error ? String(error.details) : null;
    return new OvsdbError(String(error.error), details, operationIndex);
  }
  return new OvsdbError(String(error), null, operationIndex);
}
