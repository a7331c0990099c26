import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What a command in the guest came to. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The guest says so itself when a command runs out of its time; later than this, the guest is gone. */
const graceMs = 15_000;

/**
 * Commands to the guest and their answers, over a serial port that is a socket here: a line each, texts
 * in base64, with a number that joins them, so that many may run at once (serve.sh).
 */
export class Channel {
  /** Resolves when the guest hung up: nothing more will be answered. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, PromiseWithResolvers<CommandResult>>();
  #count = 0;
  #failure: Error | undefined;

  static async open(path: string): Promise<Channel> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Channel(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    // An error is followed by the close, which says it; readline passes errors on.
    const ignore = () => undefined;
    socket.on('error', ignore);
    createInterface(socket)
      .on('error', ignore)
      .on('line', (line) => this.#settle(line));
  }

  /** Runs a shell's command line. Resolves when it ended, with 137 where it had to be ended after its time. */
  async run(command: string, timeoutMs: number): Promise<CommandResult> {
    if (this.#failure) throw this.#failure;
    const id = `${++this.#count}`;
    const answer = Promise.withResolvers<CommandResult>();
    this.#waiting.set(id, answer);
    const seconds = Math.ceil(timeoutMs / 1_000);
    this.#socket.write(`${id} ${seconds} ${Buffer.from(command).toString('base64')}\n`);
    const late = setTimeout(
      () => answer.reject(new Error(`The guest did not answer within ${seconds} s: ${command}`)),
      timeoutMs + graceMs,
    );
    try {
      return await answer.promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(id);
    }
  }

  /** Fails whatever still runs, and what comes later, for this reason. */
  fail(reason: Error): void {
    this.#failure = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
  }

  #settle(line: string): void {
    const [id = '', exitCode, stdout = '', stderr = ''] = line.split(' ');
    this.#waiting.get(id)?.resolve({
      exitCode: Number(exitCode),
      stdout: Buffer.from(stdout, 'base64').toString(),
      stderr: Buffer.from(stderr, 'base64').toString(),
    });
  }
}
