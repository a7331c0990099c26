import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections that have not made a request yet, so many of each address: Node cuts them after a while, and until then
 * those of one address must not have every place that there is. Of a TLS server they are told by where they come from,
 * since a request has another socket than the connection it came on.
 */
export class SilentConnections {
  readonly #mostOfAddress: number;
  readonly #ports = new Map<string, Set<number>>();

  constructor(mostOfAddress: number) {
    this.#mostOfAddress = mostOfAddress;
  }

  opened(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    // It is gone already.
    if (address === undefined || port === undefined) return;
    const ports = this.#ports.get(address) ?? new Set();
    if (ports.size >= this.#mostOfAddress) {
      socket.destroy();
      return;
    }
    this.#ports.set(address, ports.add(port));
    socket.once('close', () => this.#forget(address, port));
  }

  asked({ socket }: IncomingMessage): void {
    this.#forget(socket.remoteAddress ?? '', socket.remotePort ?? 0);
  }

  #forget(address: string, port: number): void {
    const ports = this.#ports.get(address);
    if (ports?.delete(port) && ports.size === 0) this.#ports.delete(address);
  }
}
