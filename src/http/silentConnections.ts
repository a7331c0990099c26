import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections that have not made a request yet, so many of each address: Node cuts them after a while, and until then
 * those of one address must not have every place that there is. Of a TLS server they are told by where they come from,
 * since a request has another socket than the connection it came on.
 */
export class SilentConnections {
  readonly #mostOfAddress: number;
  readonly #sockets = new Map<string, Map<number, Socket>>();

  constructor(mostOfAddress: number) {
    this.#mostOfAddress = mostOfAddress;
  }

  opened(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    // It is gone already.
    if (address === undefined || port === undefined) return;
    const sockets = this.#sockets.get(address) ?? new Map<number, Socket>();
    if (sockets.size >= this.#mostOfAddress) {
      socket.destroy();
      return;
    }
    this.#sockets.set(address, sockets.set(port, socket));
    socket.once('close', () => this.#forget(address, port));
  }

  asked({ socket }: IncomingMessage): void {
    this.#forget(socket.remoteAddress ?? '', socket.remotePort ?? 0);
  }

  /** For a server that ends: Node looks after them no more from then on. */
  closeAll(): void {
    for (const sockets of this.#sockets.values()) {
      for (const socket of sockets.values()) socket.destroy();
    }
  }

  #forget(address: string, port: number): void {
    const sockets = this.#sockets.get(address);
    if (sockets?.delete(port) && sockets.size === 0) this.#sockets.delete(address);
  }
}
