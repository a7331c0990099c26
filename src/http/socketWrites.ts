import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Up to here a message counts as taken at once: no answer waits for the kernel before the next. */
const freeBytes = 64 * 1024;

/** What is sent until the loop turns, an answer and its end, leaves in one write: a write costs more than what is in it. */
export function writeTogether(wire: Duplex): void {
  if (wire.writableCorked > 0) return;
  wire.cork();
  process.nextTick(() => wire.uncork());
}

/** Resolves once the kernel took all but a little: the next step of a feed is not read before. */
export function sent(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.send(data, (error) => (error ? reject(error) : resolve()));
    if (socket.bufferedAmount <= freeBytes) resolve();
  });
}
