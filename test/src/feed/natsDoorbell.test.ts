import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../scripts/lab/freePort.ts';
import { hostQosChanges } from '../../../src/feed/hostQosChanges.ts';
import { natsLine } from '../../../src/feed/natsLine.ts';
import type { Services } from '../../../src/services/services.ts';
import { startNats, type TestNats } from '../../support/nats.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startServer } from '../../support/server.ts';
import { agentOf, connectServices, emOf, portId } from '../../support/services.ts';

let database: TestDatabase;
let nats: TestNats;
beforeAll(async () => {
  database = await createDatabase();
  nats = await startNats(await freePort(), 'sluice:secret');
});
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
  await database.dispose();
});

/** The feed of `host`, past its first step. */
async function openFeed(services: Services, host: string, signal: AbortSignal) {
  const source = { em: () => emOf(services), hub: services.switchboard.feeds, log: services.log };
  const feed = hostQosChanges(source, host, null, signal);
  await feed.next();
  return feed;
}

describe('a doorbell over NATS', () => {
  test('is heard by the other servers, without any look of theirs', async () => {
    const dial = natsLine([nats.url]);
    await using one = await connectServices(database.url, {}, dial);
    await using other = await connectServices(database.url, {}, dial);
    for (const { services } of [one, other])
      await expect.poll(() => services.doorbell.connected, { timeout: 10_000 }).toBe(true);
    const stop = new AbortController();
    const feed = await openFeed(other.services, 'rung', stop.signal);

    await agentOf(one.services, 'rung').plug(portId());

    expect((await feed.next()).value).toMatchObject({ from: expect.anything() });
    stop.abort();
  });

  test('that is away is made up for within seconds, shown by readyz, and dialled again', async () => {
    const options = { databaseUrl: database.url, doorbell: [nats.url] };
    await using one = await startServer(options);
    await using other = await startServer(options);
    const stop = new AbortController();
    const feed = await openFeed(other.services, 'away', stop.signal);

    await nats.kill();
    const readiness = async () => (await fetch(`${one.url}/readyz`)).json();
    await expect.poll(readiness).toMatchObject({
      ready: false,
      doorbell: "Other servers' changes are not heard yet.",
    });
    const changedAt = performance.now();
    await agentOf(one.services, 'away').plug(portId());
    expect((await feed.next()).value).toMatchObject({ from: expect.anything() });
    expect(performance.now() - changedAt).toBeLessThan(5_000);

    await nats.start();
    await expect.poll(readiness, { timeout: 10_000 }).toMatchObject({ ready: true });
    stop.abort();
  });

  test('whose password is wrong is not connected', async () => {
    const wrong = nats.url.replace('secret', 'guess');
    await using running = await connectServices(database.url, {}, natsLine([wrong]));
    await expect(natsLine([wrong])(() => {})).rejects.toThrow(/authorization/i);
    expect(running.services.doorbell.connected).toBe(false);
  });
});
