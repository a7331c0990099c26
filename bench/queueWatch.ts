import { OvsdbClient } from '../agent/ovsdb/client.ts';
import { map, string, type Uuid } from '../agent/ovsdb/notation.ts';
import { insert, isRow, update } from '../agent/ovsdb/operations.ts';
import { defineTable } from '../agent/ovsdb/table.ts';
import { createLog } from '../lib/log.ts';

const queues = defineTable('Queue', {
  other_config: map(string, string),
  external_ids: map(string, string),
});

/** Sees queues change in a switch's database, as soon as the switch is told. */
export class QueueWatch {
  readonly #client: OvsdbClient<{ queues: typeof queues }>;
  readonly #controller = new AbortController();
  readonly #running: Promise<void>;
  #own: Uuid | undefined;

  constructor(ovsdb: string) {
    const log = createLog('bench', 'warn', 'pretty');
    this.#client = new OvsdbClient({
      remote: ovsdb,
      database: 'Open_vSwitch',
      tables: { queues },
      log,
    });
    this.#running = this.#client.run(this.#controller.signal);
  }

  /** Resolves once the queue that Sluice made for the port has this rate. */
  async sees(portId: string, maxKbps: number): Promise<void> {
    const wanted = `${maxKbps * 1_000}`;
    await this.#until(
      ({ external_ids, other_config }) =>
        external_ids.get('sluice-port') === portId && other_config.get('max-rate') === wanted,
    );
  }

  /** The floor: changes a queue of the benchmark's own in one raw transaction, until it is seen. */
  async setDirectly(bitsPerSecond: number): Promise<void> {
    const rate = new Map([['max-rate', `${bitsPerSecond}`]]);
    if (this.#own === undefined) {
      const [result] = await this.#client.transact([insert(queues, { other_config: rate })]);
      this.#own = result?.uuid?.[1] as Uuid;
    } else {
      await this.#client.transact([update(queues, [isRow(this.#own)], { other_config: rate })]);
    }
    await this.#until(({ other_config }) => other_config.get('max-rate') === `${bitsPerSecond}`);
  }

  async close(): Promise<void> {
    this.#controller.abort();
    await this.#running;
  }

  async #until(
    holds: (row: {
      external_ids: ReadonlyMap<string, string>;
      other_config: ReadonlyMap<string, string>;
    }) => boolean,
  ): Promise<void> {
    const { replica } = this.#client;
    const found = () => [...(replica.contents?.queues.values() ?? [])].some(holds);
    if (found()) return;
    await new Promise<void>((resolve) => {
      const stop = replica.onChange(() => {
        if (!found()) return;
        stop();
        resolve();
      });
    });
  }
}
