import { basename } from 'node:path';
import type { OpenFlowClient } from '../../openflow/client.ts';
import type { OpenFlowError } from '../../openflow/errors.ts';
import type { Lanes } from '../../openflow/lanes.ts';
import type { MeterTally } from '../../openflow/meterTally.ts';
import type { OpenFlowWrite } from './aims.ts';
import { type BridgeContents, contentsIn, contentsOf } from './bridgeContents.ts';
import { flowKey } from './flows.ts';
import {
  describeForeign,
  type ForeignFlows,
  findForeign,
  portsOf,
  sameForeign,
} from './foreignFlows.ts';
import { ourCookies } from './ids.ts';
import { KnownBridge } from './knownBridge.ts';
import type { KnownOpenFlow } from './observe.ts';
import { messageFor, meterOf } from './openflowWrites.ts';
import { Preparation } from './preparation.ts';
import { ReadBehind } from './readBehind.ts';

/** Beyond so many questions, one look at everything is less work. */
const questionsAtOnce = 500;
const exactly = 0xffff_ffff_ffff_ffffn;

/** A bridge over one connection to it: what is on it, as last read or written. */
export class ConnectedBridge {
  readonly #client: OpenFlowClient;
  readonly #path: string;
  readonly #known: KnownBridge;
  readonly #behind = new ReadBehind();

  private constructor(client: OpenFlowClient, path: string, known: KnownBridge) {
    this.#client = client;
    this.#path = path;
    this.#known = known;
  }

  /** Asks for all that there is to know. `path`: where the client is connected, `<rundir>/<bridge>.mgmt`. */
  static async learn(client: OpenFlowClient, path: string): Promise<ConnectedBridge> {
    const [{ software: version }, features, snapshot, foreign] = await Promise.all([
      client.description(),
      client.meterFeatures(),
      client.snapshot(ourCookies),
      findForeign(client, null),
    ]);
    const known = new KnownBridge({ version, features, foreign }, snapshot);
    return new ConnectedBridge(client, path, known);
  }

  get view(): KnownOpenFlow {
    return this.#known.view;
  }

  /** Looks at everything of Sluice's; true where something is different from what was known. */
  async look(): Promise<boolean> {
    const { writes } = this.#known;
    return this.#known.see(await this.#client.snapshot(ourCookies), writes);
  }

  /** Whether foreign flows have gone or changed: nobody says when they do. */
  async lookForForeign(): Promise<boolean> {
    const { foreign: before } = this.view;
    if (before.size === 0) return false;
    const foreign = await findForeign(this.#client, portsOf(before.values()));
    if (sameForeign(before, foreign)) return false;
    this.#known.seeForeign(foreign);
    return true;
  }

  /** Begins what these writes will need: they come next, or some of them. */
  prepare(writes: readonly OpenFlowWrite[]): Preparation {
    return new Preparation(this.#client, this.#path, writes);
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
    await using own = this.prepare(writes);
    return await this.#write(writes, own);
  }

  async #write(
    writes: readonly OpenFlowWrite[],
    { foreign, lanes }: Preparation,
  ): Promise<readonly (OpenFlowError | null)[]> {
    this.#refuseToReplace(writes, await foreign);
    this.#known.beginWrite();
    const errors = await (lanes ? this.#writeMany(await lanes, writes) : this.#writeFew(writes));
    this.#known.endWrite(writes.filter((_write, index) => !errors[index]));
    return errors;
  }

  #refuseToReplace(writes: readonly OpenFlowWrite[], foreign: ForeignFlows): void {
    if (foreign.size === 0) return;
    const added = writes.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
    const key = added.map(flowKey).find((each) => foreign.has(each));
    const replaced = key === undefined ? undefined : foreign.get(key);
    if (!replaced) return;
    this.#known.seeForeign(new Map([...this.view.foreign, ...foreign]));
    throw new Error(describeForeign(basename(this.#path, '.mgmt'), replaced));
  }

  /** Asks at once for what is read back next: the switch answers in order, and where it has many ports each answer of its own costs milliseconds. */
  #writeFew(writes: readonly OpenFlowWrite[]): Promise<readonly (OpenFlowError | null)[]> {
    const errors = this.#client.batch(writes.map(messageFor));
    this.#behind.follow(writes, (meterIds, cookies) => readFew(this.#client, meterIds, cookies));
    return errors;
  }

  async #writeMany(
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
      await this.#client.close();
      throw error;
    }
  }

  /** The meters and flows of these ids and cookies as the switch has them now, or had them right after the last write. */
  async read(meterIds: readonly number[], cookies: readonly bigint[]): Promise<BridgeContents> {
    const behind = this.#behind.take(meterIds, cookies);
    if (behind) return behind;
    if (meterIds.length + cookies.length > questionsAtOnce) {
      return contentsIn(await this.#client.snapshot(ourCookies));
    }
    return readFew(this.#client, meterIds, cookies);
  }

  /** What all meters have counted. */
  meterTally(): Promise<MeterTally> {
    return this.#client.meterTally();
  }

  /** Something is about to be written. */
  nudge(): void {
    this.#client.nudge();
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
