import { OvsdbClient, type OvsdbClientOptions } from '../../../agent/ovsdb/client.ts';
import { cfgColumns } from '../../../agent/ovsdb/currentCfg.ts';
import {
  integer,
  map,
  optional,
  set,
  single,
  string,
  uuid,
} from '../../../agent/ovsdb/notation.ts';
import { defineTable } from '../../../agent/ovsdb/table.ts';
import { createLog } from '../../../lib/log.ts';
import { eventually } from '../../support/eventually.ts';

export const tables = {
  Open_vSwitch: defineTable('Open_vSwitch', { ...cfgColumns, bridges: set(uuid) }),
  Bridge: defineTable('Bridge', {
    name: single(string),
    ports: set(uuid),
    external_ids: map(string, string),
  }),
  Port: defineTable('Port', {
    name: single(string),
    interfaces: set(uuid),
    qos: optional(uuid),
    external_ids: map(string, string),
  }),
  Interface: defineTable('Interface', { name: single(string), type: single(string) }),
  QoS: defineTable('QoS', {
    type: single(string),
    queues: map(integer, uuid),
    other_config: map(string, string),
    external_ids: map(string, string),
  }),
  Queue: defineTable('Queue', {
    dscp: optional(integer),
    other_config: map(string, string),
    external_ids: map(string, string),
    column_of_another_version: map(string, string),
  }),
  TableOfAnotherVersion: defineTable('TableOfAnotherVersion', { name: single(string) }),
};

export type TestClient = OvsdbClient<typeof tables>;

/** A client that runs until disposed of. */
export function startClient(
  remote: string,
  options: Partial<OvsdbClientOptions<typeof tables>> = {},
): TestClient & AsyncDisposable {
  const client = new OvsdbClient({
    remote,
    database: 'Open_vSwitch',
    tables,
    keepalive: { probeAfterMs: 200, answerWithinMs: 300, requestWithinMs: 5_000 },
    backoff: { baseMs: 5, capMs: 50 },
    log: createLog('test', 'silent', 'json'),
    ...options,
  });
  const stop = new AbortController();
  const running = client.run(stop.signal);
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  });
}

export async function complete(client: TestClient) {
  return eventually(() => {
    const { contents } = client.replica;
    if (!contents) throw new Error('The replica is not complete.');
    return contents;
  });
}
