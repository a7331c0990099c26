import type { DesiredState } from '../../agent/desired.ts';
import { sleep } from '../../lib/retry.ts';
import type { TcpProxy } from '../support/proxy.ts';
import { type AgentHome, AgentLife } from './agentLife.ts';
import type { Recording } from './recording.ts';

/** One host of a history: its agent, life after life, and its ways to the servers. */
export class Host implements AsyncDisposable {
  readonly name: string;
  readonly #ways: readonly TcpProxy[];
  readonly #home: AgentHome;
  readonly #recording: Recording;
  #life: AgentLife;

  constructor(name: string, token: string, ways: readonly TcpProxy[], recording: Recording) {
    this.name = name;
    this.#ways = ways;
    this.#recording = recording;
    const servers = ways.map(({ port }) => `http://127.0.0.1:${port}/graphql`);
    this.#home = { host: name, servers, token, recording };
    this.#life = new AgentLife(this.#home, []);
  }

  /** The cursor of the newest state on its disk. */
  get cursor(): string | null {
    return this.#life.saved.at(-1)?.cursor ?? null;
  }

  cut(afterBytes: number | null): void {
    for (const way of this.#ways) {
      if (afterBytes === null) way.cut();
      else way.cutAfterBytes(afterBytes);
    }
  }

  stall(ms: number): Promise<void> {
    return this.#outage('stalled', async () => {
      for (const way of this.#ways) way.stall();
      await sleep(ms);
      for (const way of this.#ways) way.resume();
    });
  }

  /** Lasts until the agent must have found out: a ping, and the wait for its answer. */
  halfOpen(foundOutMs: number): Promise<void> {
    return this.#outage('half open', async () => {
      for (const way of this.#ways) way.stall();
      await sleep(foundOutMs);
    });
  }

  shut(ms: number): Promise<void> {
    return this.#outage('without a way', async () => {
      for (const way of this.#ways) way.close();
      await sleep(ms);
      for (const way of this.#ways) way.open();
    });
  }

  /** Kills the agent while `meanwhile` lasts; it starts again with what its disk had `lost` states before. */
  killed(lost: number | null, meanwhile: () => Promise<void>): Promise<void> {
    return this.#outage('killed', async () => {
      await this.#life.end();
      const saved: readonly DesiredState[] = this.#life.saved;
      await meanwhile();
      const kept = lost === null ? [] : saved.slice(0, saved.length - lost);
      this.#life = new AgentLife(this.#home, kept);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#life.end();
    for (const way of this.#ways) await way[Symbol.asyncDispose]();
  }

  #outage(why: string, work: () => Promise<void>): Promise<void> {
    return this.#recording.outage(why, this.name, work);
  }
}
