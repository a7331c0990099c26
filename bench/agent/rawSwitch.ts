import { setTimeout as delay } from 'node:timers/promises';
import { flowsFor } from '../../agent/drivers/ovs/flows.ts';
import { htbRows } from '../../agent/drivers/ovs/htbRows.ts';
import { ourCookies } from '../../agent/drivers/ovs/ids.ts';
import { followed } from '../../agent/drivers/ovs/tables.ts';
import { connectOpenFlow } from '../../agent/openflow/client.ts';
import { openConnection } from '../../agent/openflow/connection.ts';
import { addFlow, deleteFlows } from '../../agent/openflow/flows.ts';
import { addMeter, deleteMeter } from '../../agent/openflow/meters.ts';
import { OvsdbClient } from '../../agent/ovsdb/client.ts';
import { transactAndSettle } from '../../agent/ovsdb/currentCfg.ts';
import { NamedUuid } from '../../agent/ovsdb/notation.ts';
import { insert, isRow, type Operation, remove, update } from '../../agent/ovsdb/operations.ts';
import { defineTable } from '../../agent/ovsdb/table.ts';
import { createLog } from '../../lib/log.ts';
import type { PrivateSwitch } from '../../scripts/privateSwitch.ts';
import { eventually } from '../../test/support/eventually.ts';
import { countFlows } from './flowCount.ts';

const { Bridge, Port, QoS, Queue } = followed;
/** Only what tells how far the switch is: whoever follows all of it takes time from who is measured. */
const looked = {
  Open_vSwitch: followed.Open_vSwitch,
  Bridge: defineTable('Bridge', {
    name: Bridge.columns.name,
    external_ids: Bridge.columns.external_ids,
  }),
  Port: defineTable('Port', { name: Port.columns.name, qos: Port.columns.qos }),
};
const settleWithinMs = 60_000;
/** Each look keeps vswitchd from its work for some milliseconds. */
const lookEveryMs = 10;

/** A switch's own tools and nothing else: how fast it can be told the same, and a clean slate afterwards. */
export class RawSwitch implements AsyncDisposable {
  readonly #ovs: PrivateSwitch;
  readonly #database: OvsdbClient<typeof looked>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(ovs: PrivateSwitch) {
    this.#ovs = ovs;
    this.#database = new OvsdbClient({
      remote: ovs.ovsdb,
      database: 'Open_vSwitch',
      tables: looked,
      log: createLog('bench', 'warn', 'pretty'),
    });
    this.#running = this.#database.run(this.#stop.signal);
  }

  /** The rows that an agent leaves for a queue on each of these ports, in one transaction, until vswitchd has followed. */
  async queues(portIdOf: ReadonlyMap<string, string>, rate: number): Promise<void> {
    const { Port: ports } = await this.#contents();
    const operations = [...ports.values()].flatMap(({ _uuid, name }, index): Operation[] => {
      const portId = portIdOf.get(name);
      if (portId === undefined) return [];
      const { qosConfig, queueConfig, marks } = htbRows(portId, { rate, burst: rate, notes: [] });
      const [queue, qos] = [new NamedUuid(`queue${index}`), new NamedUuid(`qos${index}`)];
      const of = { type: 'linux-htb', queues: new Map([[0, queue]]), other_config: qosConfig };
      return [
        insert(Queue, { other_config: queueConfig, external_ids: marks }, queue),
        insert(QoS, { ...of, external_ids: marks }, qos),
        update(Port, [isRow(_uuid)], { qos }),
      ];
    });
    await this.#settle(operations);
  }

  /** A meter and an agent's flow for each of so many ports, over one connection, after as many records in the database. */
  async meters(count: number, kbps: number): Promise<void> {
    const { Bridge: bridges } = await this.#contents();
    const [bridge] = bridges.values();
    if (!bridge) throw new Error('The switch has no bridge.');
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const external_ids = new Map(ids.map((id) => [`bench-meter-${crypto.randomUUID()}`, `${id}`]));
    await this.#database.transact([update(Bridge, [isRow(bridge._uuid)], { external_ids })]);
    await using openflow = await connectOpenFlow(this.#ovs.openflow(bridge.name));
    await openflow.batch([
      ...ids.map((id) => addMeter({ id, unit: 'kbps', bands: [{ rate: kbps, burst: kbps }] })),
      ...ids.flatMap((id) =>
        flowsFor({ ofport: id, meterIds: [id], dscpMark: null, queueId: null }).map(addFlow),
      ),
    ]);
  }

  /** Resolves when each of these ports has a queue, whoever made it, and vswitchd has followed. */
  async haveQueues(names: Iterable<string>): Promise<void> {
    const wanted = new Set(names);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      const { contents } = this.#database.replica;
      const [root] = contents?.Open_vSwitch.values() ?? [];
      if (!contents || !root || root.cur_cfg < root.next_cfg) return;
      const ports = contents.Port.values().filter(({ name }) => wanted.has(name));
      if (ports.every(({ qos }) => qos !== null)) resolve();
    };
    const forget = this.#database.replica.onChange(look);
    await promise.finally(forget);
  }

  /** Resolves when the bridge has so many of Sluice's flows: none can name a meter that is not there. */
  async haveFlows(count: number): Promise<void> {
    const bridge = await this.#recorded(count);
    const connection = await openConnection(this.#ovs.openflow(bridge));
    while ((await countFlows(connection, ourCookies)) < count) await delay(lookEveryMs);
    await connection.close();
  }

  /** The bridge, once so many meters are on record, which comes before they are made: to look earlier would slow the start. */
  async #recorded(count: number): Promise<string> {
    const { replica } = this.#database;
    const { promise, resolve } = Promise.withResolvers<string>();
    const forget = replica.onChange(() => {
      for (const { name, external_ids } of replica.contents?.Bridge.values() ?? []) {
        if (external_ids.size >= count) resolve(name);
      }
    });
    return promise.finally(forget);
  }

  /** Takes every queue, meter and record away, whoever made them. */
  async clear(): Promise<void> {
    const { Bridge: bridges } = await this.#contents();
    await this.#settle([
      update(Port, [], { qos: null }),
      remove(QoS, []),
      remove(Queue, []),
      update(Bridge, [], { external_ids: new Map() }),
    ]);
    for (const { name } of bridges.values()) await this.#clearOpenFlow(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #clearOpenFlow(bridge: string): Promise<void> {
    await using openflow = await connectOpenFlow(this.#ovs.openflow(bridge));
    const meters = await openflow.dumpMeters();
    // With a meter go its flows (OpenFlow 1.3 §6.4).
    await openflow.batch([deleteFlows(ourCookies), ...meters.map(({ id }) => deleteMeter(id))]);
  }

  async #settle(operations: readonly Operation[]): Promise<void> {
    await transactAndSettle(this.#database, operations, settleWithinMs);
  }

  #contents() {
    return eventually(async () => {
      const { contents } = this.#database.replica;
      if (!contents) throw new Error('The database is not known yet.');
      return contents;
    });
  }
}
