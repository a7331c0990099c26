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
      // A NOTIFY writes a commit of its own; a hint need not wait for it to be on the disk.
      await client.query('set synchronous_commit to off');
      await client.query(`listen ${channel}`);
    } catch (error) {
      await close();
      throw error;
    }
    const notify = {
      name: 'notify',
      text: 'select pg_notify($1, payload) from unnest($2::text[]) as p (payload)',
    };
    return {
      lost: lost.signal,
      send: async (payloads) => {
        await client.query({ ...notify, values: [channel, payloads] });
      },
      close,
    };
  };
}
