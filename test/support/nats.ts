import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { eventually } from './eventually.ts';

/** Debian's nats-server, on a port of its own; a test may kill it and start it again there. */
export interface TestNats extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** `port`: a free one, which the test keeps for it. `credential`: the one that it asks for, like user:password. */
export async function startNats(port: number, credential?: string): Promise<TestNats> {
  const [user, pass] = credential?.split(':') ?? [];
  const args = ['-a', '127.0.0.1', '-p', `${port}`, ...(user ? ['--user', user] : [])];
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const start = async () => {
    child = spawn('nats-server', [...args, ...(pass ? ['--pass', pass] : [])], { stdio: 'ignore' });
    await once(child, 'spawn');
    await eventually(() => connects(port), { timeoutMs: 20_000 });
  };
  await start();
  const at = credential === undefined ? '' : `${credential}@`;
  return { url: `nats://${at}127.0.0.1:${port}`, kill, start, [Symbol.asyncDispose]: kill };
}

async function connects(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
