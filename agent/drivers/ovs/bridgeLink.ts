import { basename } from 'node:path';
import { messageOf } from '../../../lib/errors.ts';
import { fullJitterMs, sleep } from '../../../lib/retry.ts';
import { connectOpenFlow, type OpenFlowClient } from '../../openflow/client.ts';
import { ConnectionClosed, type OpenFlowError } from '../../openflow/errors.ts';
import type { FlowStats } from '../../openflow/flows.ts';
import type { Lanes } from '../../openflow/lanes.ts';
import type { Meter } from '../../openflow/meters.ts';
import type { MeterTally } from '../../openflow/meterTally.ts';
import type { Snapshot } from '../../openflow/snapshot.ts';
import type { OpenFlowWrite } from './aims.ts';
import { type BridgeContents, sameContents, withWrites } from './bridgeContents.ts';
import { flowKey, plainFlow } from './flows.ts';
import {
  describeForeign,
  type ForeignFlows,
  findForeign,
  portsOf,
  sameForeign,
} from './foreignFlows.ts';
import { ourCookies } from './ids.ts';
import type { KnownOpenFlow, OpenFlowView } from './observe.ts';
import { messageFor, meterOf } from './openflowWrites.ts';
import { Preparation } from './preparation.ts';
import { ReadBehind } from './readBehind.ts';

export interface BridgeLinkOptions {
  /** The bridge's OpenFlow socket, `<rundir>/<bridge>.mgmt`. */
  readonly path: string;
  /** Something may be different from what the last look showed. */
  readonly onChange: () => void;
  /** The switch is there, perhaps again: it may be another one by now. */
  readonly onConnect: () => void;
  /** A bridge that has not answered for so long is said not to. */
  readonly patienceMs: number;
}

const backoff = { baseMs: 20, capMs: 500 };
/** Meters and flows announce nothing: this often they are compared with what was last known. */
const pollMs = 1_000;
const exactly = 0xffff_ffff_ffff_ffffn;

/** Beyond so many questions, one look at everything is less work. */
const questionsAtOnce = 500;

/** One bridge's OpenFlow: connected as long as the bridge is there, and what is on it, as last read or written. */
export class BridgeLink {
  readonly #options: BridgeLinkOptions;
  #client: OpenFlowClient | null = null;
  #known: KnownOpenFlow | null = null;
  /** What `#known` was read from; null: written to since. */
  #snapshot: Snapshot | null = null;
  #refusal: string | null = null;
  #isServed = true;
  #generation = 0;
  #awaySinceMs = performance.now();
  /** Counts writes: what was read while one went on shows neither before nor after. */
  #writes = 0;
  readonly #behind = new ReadBehind();

  constructor(options: BridgeLinkOptions) {
    this.#options = options;
  }

  /** Null: not known yet, or on its way back. */
  get view(): OpenFlowView | null {
    if (this.#known) return this.#known;
    return this.#refusal === null ? null : { state: 'refused', reason: this.#refusal };
  }

  /** False: nobody listens on the bridge's socket. */
  get isServed(): boolean {
    return this.#isServed;
  }

  async run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      const wasKnown = await this.#connectOnce(signal);
      // One that ends as soon as it began is no reason to come back sooner.
      const held = wasKnown && performance.now() - startedAtMs > backoff.capMs;
      attempt = held ? 0 : attempt + 1;
      await sleep(fullJitterMs(attempt, backoff), signal);
    }
  }

  /** Begins what these writes will need: they come next, or some of them. Null: the switch is away. */
  prepare(writes: readonly OpenFlowWrite[]): Preparation | null {
    return this.#client && new Preparation(this.#client, this.#options.path, writes);
  }

  /**
   * What came of each write, in order. Rejects when the switch went away: nothing is known then; and with nothing
   * written where somebody else's flow would be replaced: it is known from then on.
   */
  async write(
    writes: readonly OpenFlowWrite[],
    prepared?: Preparation,
  ): Promise<readonly (OpenFlowError | null)[]> {
    if (prepared) return this.#write(writes, prepared);
    await using own = new Preparation(this.#connected(), this.#options.path, writes);
    return await this.#write(writes, own);
  }

  async #write(
    writes: readonly OpenFlowWrite[],
    { foreign, lanes }: Preparation,
  ): Promise<readonly (OpenFlowError | null)[]> {
    this.#refuseToReplace(writes, await foreign);
    this.#writes += 1;
    this.#snapshot = null;
    const client = this.#connected();
    const errors = await (lanes
      ? this.#writeMany(client, await lanes, writes)
      : this.#writeFew(client, writes));
    this.#writes += 1;
    const done = writes.filter((_write, index) => !errors[index]);
    if (this.#known) this.#known = { ...this.#known, ...withWrites(this.#known, done) };
    return errors;
  }

  /** The meters and flows of these ids and cookies as the switch has them now, or had them right after the last write. */
  async read(meterIds: readonly number[], cookies: readonly bigint[]): Promise<BridgeContents> {
    const client = this.#connected();
    const behind = this.#behind.take(meterIds, cookies);
    if (behind) return behind;
    if (meterIds.length + cookies.length > questionsAtOnce) {
      return contentsIn(await client.snapshot(ourCookies));
    }
    return readFew(client, meterIds, cookies);
  }

  /** Something is about to be written. */
  nudge(): void {
    this.#client?.nudge();
  }

  /** What all meters have counted. */
  meterTally(): Promise<MeterTally> {
    return this.#connected().meterTally();
  }

  /** Asks at once for what is read back next: the switch answers in order, and where it has many ports each answer of its own costs milliseconds. */
  #writeFew(
    client: OpenFlowClient,
    writes: readonly OpenFlowWrite[],
  ): Promise<readonly (OpenFlowError | null)[]> {
    const errors = client.batch(writes.map(messageFor));
    this.#behind.follow(writes, (meterIds, cookies) => readFew(client, meterIds, cookies));
    return errors;
  }

  async #writeMany(
    client: OpenFlowClient,
    lanes: Lanes,
    writes: readonly OpenFlowWrite[],
  ): Promise<readonly (OpenFlowError | null)[]> {
    this.#behind.forget();
    const commands = writes.map((write) => ({
      about: meterOf(write),
      message: () => messageFor(write),
    }));
    try {
      return await lanes.batch(commands);
    } catch (error) {
      // One of several connections is gone, and what it did is not known: everything is read anew.
      await client.close();
      throw error;
    }
  }

  #refuseToReplace(writes: readonly OpenFlowWrite[], foreign: ForeignFlows): void {
    if (foreign.size === 0) return;
    const added = writes.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
    const key = added.map(flowKey).find((each) => foreign.has(each));
    const replaced = key === undefined ? undefined : foreign.get(key);
    if (!this.#known || !replaced) return;
    this.#known = { ...this.#known, foreign: new Map([...this.#known.foreign, ...foreign]) };
    throw new Error(describeForeign(basename(this.#options.path, '.mgmt'), replaced));
  }

  #connected(): OpenFlowClient {
    if (this.#client) return this.#client;
    throw new ConnectionClosed(`There is no OpenFlow connection over ${this.#options.path} now.`);
  }

  /** Follows one connection to its end; true when the bridge was known meanwhile. */
  async #connectOnce(signal: AbortSignal): Promise<boolean> {
    const generation = this.#generation;
    try {
      const client = await connectOpenFlow(this.#options.path, { signal });
      await this.#follow(client, signal);
    } catch (error) {
      this.#isServed = !(error instanceof ConnectionClosed && error.nobodyListens);
      const isOverdue = performance.now() - this.#awaySinceMs > this.#options.patienceMs;
      if (isOverdue) this.#refuse(messageOf(error));
    }
    return this.#generation > generation;
  }

  async #follow(client: OpenFlowClient, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    void client.closed.then(() => over.abort());
    try {
      await this.#learn(client);
      await this.#poll(client, AbortSignal.any([signal, over.signal]));
    } finally {
      await this.#forget(client);
    }
  }

  async #learn(client: OpenFlowClient): Promise<void> {
    const [{ software: version }, features, snapshot, foreign] = await Promise.all([
      client.description(),
      client.meterFeatures(),
      client.snapshot(ourCookies),
      findForeign(client, null),
    ]);
    this.#generation += 1;
    this.#client = client;
    this.#refusal = null;
    this.#isServed = true;
    this.#snapshot = snapshot;
    this.#known = { state: 'known', version, features, foreign, ...contentsIn(snapshot) };
    this.#options.onConnect();
  }

  async #forget(client: OpenFlowClient): Promise<void> {
    if (this.#known) this.#awaySinceMs = performance.now();
    this.#client = null;
    this.#known = null;
    this.#behind.forget();
    await client.close();
    this.#options.onChange();
  }

  async #poll(client: OpenFlowClient, signal: AbortSignal): Promise<void> {
    for (await sleep(pollMs, signal); !signal.aborted; await sleep(pollMs, signal)) {
      const before = this.#writes;
      const snapshot = await client.snapshot(ourCookies);
      if (before === this.#writes) this.#compare(snapshot);
      await this.#lookForForeign(client);
    }
  }

  /** Nobody says when such a flow goes. */
  async #lookForForeign(client: OpenFlowClient): Promise<void> {
    const before = this.#known?.foreign;
    if (!before || before.size === 0) return;
    const foreign = await findForeign(client, portsOf(before.values()));
    if (!this.#known || sameForeign(before, foreign)) return;
    this.#known = { ...this.#known, foreign };
    this.#options.onChange();
  }

  #compare(snapshot: Snapshot): void {
    if (!this.#known || this.#snapshot?.isLike(snapshot)) return;
    this.#snapshot = snapshot;
    const contents = contentsIn(snapshot);
    if (sameContents(this.#known, contents)) return;
    this.#known = { ...this.#known, ...contents };
    this.#options.onChange();
  }

  #refuse(reason: string): void {
    if (this.#refusal === reason) return;
    this.#refusal = reason;
    this.#options.onChange();
  }
}

async function readFew(
  client: OpenFlowClient,
  meterIds: readonly number[],
  cookies: readonly bigint[],
): Promise<BridgeContents> {
  const [meters, flows] = await Promise.all([
    Promise.all(meterIds.map((id) => client.meter(id))),
    Promise.all(cookies.map((cookie) => client.dumpFlows({ cookie, mask: exactly }))),
  ]);
  return contentsOf(
    meters.filter((meter) => meter !== null),
    flows.flat(),
  );
}

function contentsIn({ meters, flows }: Snapshot): BridgeContents {
  return contentsOf(meters, flows);
}

function contentsOf(meters: readonly Meter[], flows: readonly FlowStats[]): BridgeContents {
  return {
    meters: new Map(meters.map((meter) => [meter.id, meter])),
    flows: new Map(flows.map((flow) => [flowKey(flow), plainFlow(flow)])),
  };
}
