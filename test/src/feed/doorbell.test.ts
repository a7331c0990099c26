import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { FeedWatch } from '../../../src/feed/feedWatch.ts';
import { hostQosChanges } from '../../../src/feed/hostQosChanges.ts';
import type { Services } from '../../../src/services/services.ts';
import {
  agentOf,
  connectServices,
  emOf,
  portId,
  startServices,
  type TestServices,
} from '../../support/services.ts';

let running: TestServices;
beforeAll(async () => {
  running = await startServices();
});
afterAll(() => running[Symbol.asyncDispose]());

const feedOf = (services: Services, host: string, signal: AbortSignal) =>
  hostQosChanges(
    { em: () => emOf(services), hub: services.switchboard.feeds, log: services.log },
    host,
    null,
    signal,
  );

describe('the doorbell', () => {
  test('whose connection is cut heals, and what was rung meanwhile is found', async () => {
    await using other = await connectServices(running.url);
    const { services } = other;
    await expect.poll(() => services.doorbell.connected).toBe(true);
    const controller = new AbortController();
    const feed = feedOf(services, 'cut', controller.signal);
    const { value: first } = await feed.next();

    await using cutter = await openClient(running.url);
    const { rowCount } = await cutter.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'sluice doorbell'`,
    );
    expect(rowCount).toBeGreaterThan(0);
    await agentOf(running.services, 'cut').plug(portId());

    const { value: second } = await feed.next();
    expect(second).toMatchObject({ from: (first as { to: unknown }).to });
    await expect.poll(() => services.doorbell.connected).toBe(true);
    controller.abort();
  });

  test('that nobody rang is made up for by the watch', async () => {
    const { services } = running;
    const controller = new AbortController();
    const watch = new FeedWatch(emOf(services), services.switchboard.feeds, services.log, 100);
    const watching = watch.run(controller.signal);
    const feed = feedOf(services, 'unrung', controller.signal);
    await feed.next();
    await query(emOf(services), sql`select * from sluice_raise_heads(array['unrung'])`);

    expect((await feed.next()).value).toMatchObject({ ports: [] });
    controller.abort();
    await watching;
  });

  test('whose database is away lets a feed wait for it', async () => {
    const { services } = running;
    const controller = new AbortController();
    const feed = feedOf(services, 'away', controller.signal);
    const { value: first } = await feed.next();
    await using killer = await openClient(running.url);
    const next = feed.next();
    await agentOf(services, 'away').plug(portId());
    await killer.client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    services.switchboard.feeds.wakeAll();
    expect((await next).value).toMatchObject({ from: (first as { to: unknown }).to });
    controller.abort();
  });
});

async function openClient(url: string): Promise<AsyncDisposable & { client: pg.Client }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
