import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that were not answered yet, or whose answers nobody has read. */
const mostOfConnection = 8;

/**
 * Bounds what the connections keep in memory: an answer that nobody reads stays there. With its connection it goes,
 * after so long, and where more is asked before what is answered was read: Node takes all requests that come together
 * at once, and two hundred pages that nobody read were 240 MiB in no time (measured).
 */
export class Exchanges {
  readonly #mostMs: number;
  readonly #open = new WeakMap<Socket, number>();

  constructor(mostMs: number) {
    this.#mostMs = mostMs;
  }

  /** False: the connection has ended, and nothing is to be answered. */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const open = this.#count(socket, 1);
    const timer = setTimeout(() => socket.destroy(), this.#mostMs);
    response.once('close', () => {
      clearTimeout(timer);
      this.#count(socket, -1);
    });
    if (open <= mostOfConnection) return true;
    socket.destroy();
    return false;
  }

  #count(socket: Socket, more: number): number {
    const open = (this.#open.get(socket) ?? 0) + more;
    this.#open.set(socket, open);
    return open;
  }
}
