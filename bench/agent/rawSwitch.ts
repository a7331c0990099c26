import { setTimeout as delay } from 'node:timers/promises';
import { ourCookies } from '../../agent/drivers/ovs/ids.ts';
import { followed } from '../../agent/drivers/ovs/tables.ts';
import { connectOpenFlow } from '../../agent/openflow/client.ts';
import { addFlow, deleteFlows } from '../../agent/openflow/flows.ts';
import { addMeter, deleteMeter } from '../../agent/openflow/meters.ts';
import { OvsdbClient } from '../../agent/ovsdb/client.ts';
import { transactAndSettle } from '../../agent/ovsdb/currentCfg.ts';
import { NamedUuid } from '../../agent/ovsdb/notation.ts';
import { insert, isRow, type Operation, remove, update } from '../../agent/ovsdb/operations.ts';
import { createLog } from '../../lib/log.ts';
import type { PrivateSwitch } from '../../scripts/privateSwitch.ts';
import { eventually } from '../../test/support/eventually.ts';

const { Bridge, Port, QoS, Queue } = followed;
const settleWithinMs = 60_000;
/** Each look keeps vswitchd from its work for some milliseconds. */
const lookEveryMs = 10;
const cookie = { cookie: 0xb0n, mask: 0xffn };

/** A switch's own tools and nothing else: how fast it can be told the same, and a clean slate afterwards. */
export class RawSwitch implements AsyncDisposable {
  readonly #ovs: PrivateSwitch;
  readonly #database: OvsdbClient<typeof followed>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(ovs: PrivateSwitch) {
    this.#ovs = ovs;
    this.#database = new OvsdbClient({
      remote: ovs.ovsdb,
      database: 'Open_vSwitch',
      tables: followed,
      log: createLog('bench', 'warn', 'pretty'),
    });
    this.#running = this.#database.run(this.#stop.signal);
  }

  /** A queue on each of these ports, in one transaction, until vswitchd has followed. */
  async queues(names: readonly string[], kbps: number): Promise<void> {
    const { Port: ports } = await this.#contents();
    const wanted = new Set(names);
    const operations = [...ports.values()]
      .filter(({ name }) => wanted.has(name))
      .flatMap(({ _uuid }, index): Operation[] => {
        const [queue, qos] = [new NamedUuid(`queue${index}`), new NamedUuid(`qos${index}`)];
        const other_config = new Map([['max-rate', String(kbps * 1000)]]);
        const rows = { type: 'linux-htb', queues: new Map([[0, queue]]), other_config };
        return [
          insert(Queue, { other_config }, queue),
          insert(QoS, rows, qos),
          update(Port, [isRow(_uuid)], { qos }),
        ];
      });
    await this.#settle(operations);
  }

  /** A meter and a flow for each of these numbers, after as many records in the database. */
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
      ...ids.map((id) =>
        addFlow({
          cookie: cookie.cookie,
          table: 0,
          priority: 60_000,
          match: { inPort: id },
          meter: id,
          actions: [{ type: 'resubmit', table: 1 }],
        }),
      ),
    ]);
  }

  /** Resolves when each of these ports has a queue, whoever made it, and vswitchd has followed. */
  async haveQueues(names: readonly string[]): Promise<void> {
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
    await using openflow = await connectOpenFlow(this.#ovs.openflow(bridge));
    while ((await openflow.dumpFlows(ourCookies)).length < count) await delay(lookEveryMs);
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
    const { Port: ports, QoS: qos, Queue: queues, Bridge: bridges } = await this.#contents();
    await this.#settle([
      ...[...ports.values()].map(({ _uuid }) => update(Port, [isRow(_uuid)], { qos: null })),
      ...[...qos.values()].map(({ _uuid }) => remove(QoS, [isRow(_uuid)])),
      ...[...queues.values()].map(({ _uuid }) => remove(Queue, [isRow(_uuid)])),
      ...[...bridges.values()].map(({ _uuid }) =>
        update(Bridge, [isRow(_uuid)], { external_ids: new Map() }),
      ),
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
    await openflow.batch([deleteFlows(cookie), ...meters.map(({ id }) => deleteMeter(id))]);
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
