import { connect, type Socket } from 'node:net';
import type { PoolClient } from 'pg';

/** What pg has beyond its published types. */
interface Known {
  readonly connection: { readonly stream: Socket };
  readonly processID: number;
  readonly secretKey: number;
  readonly host: string;
  readonly port: number;
}

const known = (client: PoolClient): Known => client as unknown as Known;

export const socketOf = (client: PoolClient): Socket => known(client).connection.stream;

/** What the server may take to hear of it. */
const mostMs = 1_000;

/**
 * Asks PostgreSQL to end the statement that runs on the connection, if one does (protocol, "Canceling Requests in
 * Progress"). It takes none of its connections, so it works where those are used up, and goes unencrypted as libpq's
 * PQcancel does. Resolves when it was sent, or could not be.
 */
export function cancelRequest(client: PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = known(client);
  const message = Buffer.alloc(16);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect({ host, port });
    socket.setTimeout(mostMs, () => socket.destroy());
    // Whoever asked looks whether it came to anything, and not at why it did not.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.end(message);
  });
}

const cancelRequestCode = (1234 << 16) | 5678;
