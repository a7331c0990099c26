import { messageOf } from '../../../lib/errors.ts';
import { fullJitterMs, sleep } from '../../../lib/retry.ts';
import { connectOpenFlow, type OpenFlowClient } from '../../openflow/client.ts';
import { ConnectionClosed } from '../../openflow/errors.ts';
import { ConnectedBridge } from './connectedBridge.ts';
import type { OpenFlowView } from './observe.ts';

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

/** One bridge's OpenFlow connection: made anew as long as the bridge is there, and used for a look every second. */
export class BridgeLink {
  readonly #options: BridgeLinkOptions;
  #bridge: ConnectedBridge | null = null;
  #refusal: string | null = null;
  #isServed = true;
  /** When it was last connected, or began to try. */
  #awaySinceMs = performance.now();

  constructor(options: BridgeLinkOptions) {
    this.#options = options;
  }

  /** Null: it is away, or not known yet. */
  get bridge(): ConnectedBridge | null {
    return this.#bridge;
  }

  /** The same, for whoever cannot do without: throws ConnectionClosed. */
  connected(): ConnectedBridge {
    if (this.#bridge) return this.#bridge;
    throw new ConnectionClosed(`There is no OpenFlow connection over ${this.#options.path} now.`);
  }

  /** Null: not known yet, or on its way back. */
  get view(): OpenFlowView | null {
    if (this.#bridge) return this.#bridge.view;
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
      await this.#connectOnce(signal);
      // One that ends as soon as it began, or was never known, is no reason to come back sooner.
      const held = this.#awaySinceMs - startedAtMs > backoff.capMs;
      attempt = held ? 0 : attempt + 1;
      await sleep(fullJitterMs(attempt, backoff), signal);
    }
  }

  /** Follows one connection to its end. */
  async #connectOnce(signal: AbortSignal): Promise<void> {
    try {
      const client = await connectOpenFlow(this.#options.path, { signal });
      await this.#follow(client, signal);
    } catch (error) {
      this.#isServed = !(error instanceof ConnectionClosed && error.nobodyListens);
      const isOverdue = performance.now() - this.#awaySinceMs > this.#options.patienceMs;
      if (isOverdue) this.#refuse(messageOf(error));
    }
  }

  async #follow(client: OpenFlowClient, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    void client.closed.then(() => over.abort());
    try {
      const bridge = await ConnectedBridge.learn(client, this.#options.path);
      this.#begin(bridge);
      await this.#poll(bridge, AbortSignal.any([signal, over.signal]));
    } finally {
      await this.#end(client);
    }
  }

  #begin(bridge: ConnectedBridge): void {
    this.#bridge = bridge;
    this.#refusal = null;
    this.#isServed = true;
    this.#options.onConnect();
  }

  async #poll(bridge: ConnectedBridge, signal: AbortSignal): Promise<void> {
    for (await sleep(pollMs, signal); !signal.aborted; await sleep(pollMs, signal)) {
      if (await bridge.look()) this.#options.onChange();
      if (await bridge.lookForForeign()) this.#options.onChange();
    }
  }

  async #end(client: OpenFlowClient): Promise<void> {
    if (this.#bridge) this.#awaySinceMs = performance.now();
    this.#bridge = null;
    await client.close();
    this.#options.onChange();
  }

  #refuse(reason: string): void {
    if (this.#refusal === reason) return;
    this.#refusal = reason;
    this.#options.onChange();
  }
}
