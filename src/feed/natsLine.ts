import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type Dial, keepAliveMs } from './line.ts';

const subject = 'sluice.doorbell';

/** NATS, for a fleet that outgrows one database's notifications. `urls`: nats://[user:password@|token@]host:port, one cluster's. */
export function natsLine(urls: readonly string[]): Dial {
  return async (hear) => {
    const connection = await connect({
      name: 'sluice doorbell',
      servers: urls.map((url) => new URL(url).host),
      ...credentialOf(urls),
      timeout: keepAliveMs,
      // The doorbell dials again itself: what this client would hold back meanwhile is a hint too old to be worth it.
      reconnect: false,
      noEcho: true,
    });
    const lost = new AbortController();
    connection.closed().then((error) => {
      lost.abort(error ?? new Error('NATS closed the connection.'));
    });
    connection.subscribe(subject, {
      callback: (error, message) => (error ? lost.abort(error) : hear(message.string())),
    });
    try {
      await answered(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return {
      lost: lost.signal,
      send: async (payloads) => {
        for (const payload of payloads) connection.publish(subject, payload);
        await answered(connection);
      },
      close: () => connection.close(),
    };
  };
}

/** NATS takes one credential for the whole cluster: that of the first URL which has one. */
function credentialOf(urls: readonly string[]) {
  const { username, password } = urls.map((url) => new URL(url)).find((url) => url.username) ?? {};
  if (!username) return {};
  const user = decodeURIComponent(username);
  return password ? { user, pass: decodeURIComponent(password) } : { token: user };
}

/** A round trip: the server has all that was published before it. */
async function answered(connection: NatsConnection): Promise<void> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(new Error(`NATS did not answer within ${keepAliveMs} ms.`));
  const timer = setTimeout(giveUp, keepAliveMs);
  try {
    await Promise.race([connection.flush(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
