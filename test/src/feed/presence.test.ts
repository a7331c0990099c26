import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { hostStates } from '../../../src/services/batches.ts';
import { holdLock } from '../../support/holdLock.ts';
import {
  admin,
  agentOf,
  connectServices,
  emOf,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

const connectedOf = async (host: string) =>
  (await hostStates(running.services, admin, [host])).get(host)?.connected;

test('a server that leaves waits for no host, and so not in a circle with who locks them in their order', async () => {
  const { services } = running;
  for (const host of ['left-b', 'left-a']) await agentOf(services, host).heartbeat();
  const leaving = await connectServices(running.url);
  for (const host of ['left-a', 'left-b']) leaving.services.presence.opened(host);
  await expect.poll(() => connectedOf('left-a')).toBe(true);
  await expect.poll(() => connectedOf('left-b')).toBe(true);

  const held = await holdLock(
    running.url,
    `select 1 from host_feeds where host = 'left-a' for no key update`,
    [],
  );
  try {
    await leaving[Symbol.asyncDispose]();
    expect(await connectedOf('left-a')).toBe(false);
    expect(await connectedOf('left-b')).toBe(false);
    const [row] = await query(
      emOf(services),
      sql<{ known: string }>`select count(*) as known from servers
        where id = ${leaving.services.presence.serverId}`,
    );
    expect(row).toEqual({ known: '0' });
  } finally {
    await held.release();
  }
});
