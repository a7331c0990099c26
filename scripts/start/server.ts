import { createServer } from 'node:net';
import type { ListenAddress } from '../../lib/configTypes.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import { sleep } from '../../lib/retry.ts';

/** Where programs of this machine reach a server that listens there. */
export function baseUrlOf({ host, port }: ListenAddress): string {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Refuses an address that another program has: its answers would pass for our server's. */
export async function requireFree({ host, port }: ListenAddress): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen(port, host, resolve);
    });
  } catch (error) {
    throw new UserError(
      `The server cannot listen on ${host}:${port}: ${messageOf(error)}. Choose another address: npm start -- --listen ADDRESS:PORT`,
    );
  }
  await new Promise((resolve) => probe.close(resolve));
}

const readyTimeoutMs = 180_000;

/** Resolves when the server is ready: true; or when told to stop before: false. */
export async function untilReady(baseUrl: string, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + readyTimeoutMs;
  while (!signal.aborted) {
    if (await isReady(baseUrl)) return true;
    if (performance.now() > deadline)
      throw new UserError(`The server at ${baseUrl} does not become ready.`);
    await sleep(100, signal);
  }
  return false;
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
