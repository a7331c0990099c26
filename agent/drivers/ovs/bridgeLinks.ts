import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { aborted } from '../../../lib/lifecycle.ts';
import { BridgeLink, type BridgeLinkOptions } from './bridgeLink.ts';
import type { ConnectedBridge } from './connectedBridge.ts';

/** Where Open vSwitch puts its sockets unless told otherwise. */
const defaultRunDir = '/var/run/openvswitch';

/** Each takes a connection, or tries for one: a database that named a hundred thousand would take all there is. */
export const mostBridges = 1_000;

interface RunningLink {
  readonly link: BridgeLink;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** A link for each bridge that Sluice looks at: they come and go with the bridges. */
export class BridgeLinks {
  readonly #runDir: string;
  readonly #options: Omit<BridgeLinkOptions, 'path'>;
  #generation = 0;
  /** The database has said which bridges there are. */
  #isTold = false;
  readonly #links = new Map<string, RunningLink>();
  #named = 0;

  constructor(ovsdb: string, options: Omit<BridgeLinkOptions, 'path'>) {
    this.#runDir = ovsdb.startsWith('unix:') ? dirname(ovsdb.slice('unix:'.length)) : defaultRunDir;
    this.#options = {
      ...options,
      onConnect: () => {
        this.#generation += 1;
        options.onConnect();
      },
    };
  }

  /** Counts connections: what was read over an earlier one says nothing about the switch as it is now. */
  get generation(): number {
    return this.#generation;
  }

  get(bridge: string): BridgeLink | undefined {
    return this.#links.get(bridge)?.link;
  }

  /** Throws where it is not connected now: the database names it no more, or the switch is away. */
  connected(bridge: string): ConnectedBridge {
    const link = this.get(bridge);
    if (!link) throw new Error(`Bridge ${bridge} is gone.`);
    return link.connected();
  }

  /** What the running vswitchd says it is; null: no bridge is known now. */
  get version(): string | null {
    for (const { link } of this.#links.values()) {
      if (link.view?.state === 'known') return link.view.version;
    }
    return null;
  }

  /** Where ovs-vswitchd serves none of the bridges that it should; null: it serves one, or there is none to serve. */
  get unserved(): string | null {
    const links = [...this.#links.values()];
    const isServed = links.length === 0 || links.some(({ link }) => link.isServed);
    return isServed ? null : this.#runDir;
  }

  /** How many bridges there are, where they are more than are followed; null: all are. */
  get tooMany(): number | null {
    return this.#named > mostBridges ? this.#named : null;
  }

  /** Something is about to be written to some of them. */
  nudge(): void {
    for (const { link } of this.#links.values()) link.bridge?.nudge();
  }

  /** Starts what is missing and ends what is no longer named. */
  follow(named: readonly string[]): void {
    const bridges = named.slice(0, mostBridges);
    this.#named = named.length;
    this.#isTold = true;
    for (const [bridge, { stop }] of this.#links) {
      if (bridges.includes(bridge)) continue;
      stop.abort();
      this.#links.delete(bridge);
    }
    for (const bridge of bridges) if (!this.#links.has(bridge)) this.#start(bridge);
  }

  /** Resolves when the signal has aborted and every link is closed. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#anticipate();
    await aborted(signal);
    const links = [...this.#links.values()];
    this.#links.clear();
    for (const { stop } of links) stop.abort();
    await Promise.all(links.map(({ done }) => done));
  }

  /** Connects where a bridge is likely: the database will say which there are, and reading it takes as long as connecting. */
  async #anticipate(): Promise<void> {
    const files = await readdir(this.#runDir).catch(() => []);
    if (this.#isTold) return;
    for (const file of files) if (file.endsWith('.mgmt')) this.#start(basename(file, '.mgmt'));
  }

  #start(bridge: string): void {
    // ovs-vswitchd serves no bridge with a slash (vswitchd/bridge.c): its socket would be anywhere.
    const path = `${this.#runDir}/${bridge.replaceAll('/', '_')}.mgmt`;
    const link = new BridgeLink({ path, ...this.#options });
    const stop = new AbortController();
    this.#links.set(bridge, { link, stop, done: link.run(stop.signal) });
  }
}
