import { addAbortListener } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { messageOf } from '../../lib/errors.ts';
import { socketFault } from '../../lib/socketFault.ts';
import { MalformedMessage } from './bytes.ts';
import { ConnectionClosed } from './errors.ts';
import { hello, offeredVersions, versionNames } from './hello.ts';
import {
  encodeFrame,
  type Frame,
  FrameSplitter,
  type Message,
  messageType,
  wireVersion,
} from './message.ts';
import { type Outcome, PendingBatches } from './pending.ts';

export interface ConnectionOptions {
  /** Ends the attempt, and the connection once there is one. */
  readonly signal?: AbortSignal;
  /** How long the switch may take to answer HELLO. Default 5 s. */
  readonly helloTimeoutMs?: number;
  /**
   * How often the switch is asked for an echo, and how long it may then be silent; what it was asked or told it has
   * to answer within twice that, whatever else it says. Default 30 s: a big change blocks it for seconds.
   */
  readonly echoMs?: number;
}

/** unix(7): no such socket, or one that nobody serves any more. */
const nobodyListens: readonly string[] = ['ENOENT', 'ECONNREFUSED'];
/** Transaction id of messages that no answer is awaited for. */
const noXid = 0;
/** What may wait for a switch that does not read. */
const mostUnreadBytes = 16 * 1024 * 1024;

/** Connects to a switch's unix socket and agrees on OpenFlow 1.3; rejects with ConnectionClosed, which says why not. */
export async function openConnection(
  path: string,
  options: ConnectionOptions = {},
): Promise<Connection> {
  const connection = new Connection(path, options);
  await connection.ready;
  return connection;
}

/**
 * One OpenFlow connection: batches go out as they come, answers find theirs by transaction id. On the
 * socket meant for tools Open vSwitch sends no packets and no events unasked; what came would be dropped.
 */
export class Connection {
  /** Resolves when both sides speak OpenFlow 1.3. */
  readonly ready: Promise<void>;
  /** Resolves once, with the reason, when the socket is gone. Never rejects. */
  readonly closed: Promise<ConnectionClosed>;
  readonly #path: string;
  readonly #socket: Socket;
  readonly #frames = new FrameSplitter();
  readonly #pending = new PendingBatches();
  readonly #agreed = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<ConnectionClosed>();
  readonly #release = new DisposableStack();
  #heard = true;
  #helloTimer: NodeJS.Timeout | undefined;
  #reason: ConnectionClosed | null = null;

  constructor(path: string, options: ConnectionOptions) {
    this.#path = path;
    this.ready = this.#agreed.promise;
    this.closed = this.#gone.promise;
    this.#socket = connectSocket(path)
      .on('connect', () => this.#send(noXid, hello()))
      .on('data', (chunk) => this.#receive(chunk))
      .on('error', (error: NodeJS.ErrnoException) =>
        this.#fail(socketFault(error), nobodyListens.includes(error.code ?? '')),
      )
      .on('close', () => this.#finish());
    this.#watch(options);
  }

  /** Sends messages at once and resolves with what came of each, in order. Rejects with ConnectionClosed when the answer can no longer come. */
  async transact(messages: readonly Message[]): Promise<readonly Outcome[]> {
    if (this.#reason) throw this.#reason;
    const { bytes, outcomes } = this.#pending.open(messages);
    this.#write(bytes);
    return outcomes;
  }

  /** Says something that changes nothing and that no answer is awaited for, so that the switch is awake. */
  nudge(): void {
    if (this.#reason === null)
      this.#send(noXid, { type: messageType.echoRequest, body: Buffer.alloc(0) });
  }

  /** Closes the socket; what is not answered yet is rejected. */
  async close(): Promise<void> {
    this.#fail('it was ended from this side');
    await this.closed;
  }

  #watch({ signal, helloTimeoutMs = 5_000, echoMs = 30_000 }: ConnectionOptions): void {
    const slow = () => this.#fail(`no HELLO came within ${helloTimeoutMs} ms`);
    this.#helloTimer = setTimeout(slow, helloTimeoutMs);
    this.#release.defer(() => clearTimeout(this.#helloTimer));
    const life = setInterval(() => this.#checkLife(echoMs), echoMs);
    this.#release.defer(() => clearInterval(life));
    if (signal) this.#release.use(addAbortListener(signal, () => this.#fail('it was aborted')));
  }

  #receive(chunk: Buffer): void {
    this.#heard = true;
    try {
      for (const frame of this.#frames.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#fail(`what came is not OpenFlow 1.3: ${messageOf(error)}`);
    }
  }

  #take(frame: Frame): void {
    if (frame.type === messageType.hello) {
      this.#agree(frame);
    } else if (frame.version !== wireVersion) {
      throw new MalformedMessage(`a message of version ${frame.version} came`);
    } else if (frame.type === messageType.echoRequest) {
      this.#send(frame.xid, { type: messageType.echoReply, body: frame.body });
    } else {
      this.#pending.take(frame);
    }
  }

  #agree(frame: Frame): void {
    const versions = offeredVersions(frame);
    if (!versions.includes(wireVersion)) {
      const spoken = versionNames(versions);
      this.#fail(
        `the bridge speaks OpenFlow ${spoken}; 1.3 is needed: add OpenFlow13 to its protocols`,
      );
      return;
    }
    clearTimeout(this.#helloTimer);
    this.#agreed.resolve();
  }

  /** Asks for an echo; nothing at all since the last was asked for means that the switch hangs (§6.4). */
  #checkLife(echoMs: number): void {
    if (!this.#heard) {
      this.#fail(`the switch was silent for ${echoMs} ms after an echo request`);
      return;
    }
    const { oldestAtMs } = this.#pending;
    if (oldestAtMs !== null && performance.now() - oldestAtMs > 2 * echoMs) {
      this.#fail(`the switch has not answered within ${2 * echoMs} ms`);
      return;
    }
    this.#heard = false;
    this.#send(noXid, { type: messageType.echoRequest, body: Buffer.alloc(0) });
  }

  #send(xid: number, message: Message): void {
    this.#write(encodeFrame(xid, message));
  }

  /** Whoever asks for echoes without end, and reads none, would have them all kept here. */
  #write(bytes: Buffer): void {
    this.#socket.write(bytes);
    if (this.#socket.writableLength <= mostUnreadBytes) return;
    this.#fail(`the switch has left ${mostUnreadBytes} bytes unread that it was sent`);
  }

  /** The first reason stays: what follows it is a consequence. */
  #fail(reason: string, nobodyListens = false): ConnectionClosed {
    const sentence = `OpenFlow over ${this.#path} ended: ${reason}.`;
    this.#reason ??= new ConnectionClosed(sentence, nobodyListens);
    this.#socket.destroy();
    return this.#reason;
  }

  #finish(): void {
    const reason = this.#fail('the switch closed the connection');
    this.#release.dispose();
    this.#agreed.reject(reason);
    this.#pending.failAll(reason);
    this.#gone.resolve(reason);
  }
}
