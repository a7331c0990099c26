import pg from 'pg';
import { type Dial, keepAliveMs } from './line.ts';

const channel = 'sluice_doorbell';

/** LISTEN/NOTIFY on a connection of its own: a pool's would be another one for each statement. */
export function postgresLine(url: string): Dial {
  return async (hear) => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'sluice doorbell',
      connectionTimeoutMillis: keepAliveMs,
      query_timeout: keepAliveMs,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => lost.abort(error));
    client.on('end', () => lost.abort(new Error('The database closed the connection.')));
    client.on('notification', ({ payload }) => hear(payload ?? ''));
    const close = () => client.end().catch(() => undefined);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      await close();
      throw error;
    }
    const notify = 'select pg_notify($1, payload) from unnest($2::text[]) as p (payload)';
    return {
      lost: lost.signal,
      send: async (payloads) => {
        await client.query(notify, [channel, payloads]);
      },
      close,
    };
  };
}
