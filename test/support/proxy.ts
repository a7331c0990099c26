import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay before a server, at which a test cuts connections. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts every open connection with a reset, at once. */
  cut(): void;
  /** Cuts the next connection after so many bytes from the server have passed: in the middle of a message, as it happens. */
  cutAfterBytes(bytes: number): void;
  /** Nothing passes on the connections there are until resumed: if never, they are half open. New ones work. */
  stall(): void;
  resume(): void;
  /** Until it is opened again, nobody gets through. */
  close(): void;
  open(): void;
  /** Where new connections go from now on. */
  retarget(target: Target): void;
}

/** A port on this machine, or a UNIX socket's path. */
export type Target = number | string;

export async function startProxy(firstTarget: Target): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let target = firstTarget;
  let open = true;
  let allowance = Number.POSITIVE_INFINITY;

  const server = createServer((client) => {
    if (!open) {
      client.resetAndDestroy();
      return;
    }
    const upstream = dial(target);
    const cut = () => {
      client.resetAndDestroy();
      reset(upstream);
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk) => upstream.write(chunk));
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
    for (const socket of sockets) reset(socket);
  };
  return {
    port: (server.address() as { port: number }).port,
    cut: cutAll,
    cutAfterBytes: (bytes) => {
      allowance = bytes;
    },
    stall: () => {
      for (const socket of sockets) socket.pause();
    },
    resume: () => {
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      open = false;
      cutAll();
    },
    open: () => {
      open = true;
    },
    retarget: (next) => {
      target = next;
    },
    [Symbol.asyncDispose]: async () => {
      // Not by a reset, which waits for what a stalled socket has still to write.
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const dial = (target: Target): Socket =>
  typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target);

/** A UNIX socket knows no reset: it is just gone. */
function reset(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
