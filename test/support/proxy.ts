import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay before a server, at which a test cuts connections. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts every open connection with a reset, at once. */
  cut(): void;
  /** Cuts the next connection after so many bytes from the server have passed: in the middle of a message, as it happens. */
  cutAfterBytes(bytes: number): void;
  /** Until it is opened again, nobody gets through. */
  close(): void;
  open(): void;
}

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let open = true;
  let allowance = Number.POSITIVE_INFINITY;

  const server = createServer((client) => {
    if (!open) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    const cut = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      const passed = chunk.subarray(0, allowance);
      allowance -= passed.length;
      client.write(passed);
      if (allowance > 0) return;
      allowance = Number.POSITIVE_INFINITY;
      cut();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut: cutAll,
    cutAfterBytes: (bytes) => {
      allowance = bytes;
    },
    close: () => {
      open = false;
      cutAll();
    },
    open: () => {
      open = true;
    },
    [Symbol.asyncDispose]: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
