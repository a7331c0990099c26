import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { journalOf } from '../../agent/lastGood.ts';
import type {
  Direction,
  PortQosFieldsFragment,
  ReportQosInput,
} from '../../schema/generated/graphql.ts';
import type { PrivateSwitch } from '../../scripts/privateSwitch.ts';
import { FeedServer } from '../../test/support/feedServer.ts';
import { limitOf } from '../../test/support/limits.ts';
import { type Program, startProgram } from '../../test/support/program.ts';

export interface HostOptions {
  readonly ovs: PrivateSwitch;
  /** The agent's path. */
  readonly program: string;
  /** The agents' data folder. */
  readonly dir: string;
}

/** How long a start took: until the agent asked for its feed, and until all was applied. */
export interface Start {
  readonly bootMs: number;
  readonly totalMs: number;
}

/** What is asked of one port. */
export type PortQos = PortQosFieldsFragment;

const heartbeatMs = 30_000;
const settleWithinMs = 60_000;

/** A real agent process, fed over the real protocol: what it does is timed from outside. */
export class BenchHost implements AsyncDisposable {
  readonly #server: FeedServer;
  readonly #options: HostOptions;
  #agent: Program | undefined;
  #step = 0;

  static async start(options: HostOptions): Promise<BenchHost> {
    return new BenchHost(await FeedServer.start(0, { isVerbatim: true }), options);
  }

  private constructor(server: FeedServer, options: HostOptions) {
    this.#server = server;
    this.#options = options;
    server.intervalMs = heartbeatMs;
  }

  get pid(): number {
    if (!this.#agent) throw new Error('No agent runs.');
    return this.#agent.pid;
  }

  /** Starts an agent that knows nothing yet; resolves when it has said that all of this is applied. */
  async startAgent(ports: readonly PortQos[]): Promise<Start> {
    const to = this.#nextCursor();
    const startedAt = performance.now();
    let bootMs = 0;
    this.#server.firstSteps = () => {
      bootMs = performance.now() - startedAt;
      return [{ from: null, to, more: false, adminStateUp: true, ports: [...ports] }];
    };
    const settled = this.#settled(to);
    const { ovs, program, dir } = this.#options;
    await forget(dir);
    this.#agent = startProgram(program, ['run'], {
      SLUICE_SERVER: this.#server.url,
      SLUICE_TOKEN: 'bench',
      SLUICE_HOST: 'bench',
      SLUICE_DATA: dir,
      SLUICE_OVSDB: ovs.ovsdb,
      SLUICE_OVS_NETNS: ovs.netns,
      SLUICE_METRICS_LISTEN: '127.0.0.1:0',
      SLUICE_LOG_LEVEL: 'warn',
    });
    await settled;
    return { bootMs, totalMs: performance.now() - startedAt };
  }

  async stopAgent(): Promise<void> {
    await this.#agent?.stop();
    this.#agent = undefined;
  }

  /** Sends a step that names these ports; resolves when the agent has said that they are applied. */
  async change(ports: readonly PortQos[]): Promise<void> {
    const from = this.#cursor();
    const to = this.#nextCursor();
    const settled = this.#settled(to);
    this.#server.push({ from, to, more: false, adminStateUp: true, ports: [...ports] });
    await settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAgent();
    await this.#server.stop();
  }

  #cursor(): string {
    return `c${this.#step}`;
  }

  #nextCursor(): string {
    this.#step += 1;
    return this.#cursor();
  }

  /** Resolves with the report that completes the step; rejects when a limit could not be had. */
  #settled(to: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const say = () =>
      `The agent has not reported ${to} within ${settleWithinMs} ms.\n${this.#agent?.log}`;
    const timer = setTimeout(() => reject(new Error(say())), settleWithinMs);
    this.#server.onQosReport = (report) => {
      this.#server.qosReports.length = 0;
      const refusal = refusalIn(report);
      if (refusal !== null) reject(new Error(refusal));
      else if (report.to === to && report.complete !== false) resolve();
    };
    return promise.finally(() => clearTimeout(timer));
  }
}

/** Takes what an agent knows of its desired state; what it has compiled stays, as from the second start on. */
async function forget(data: string): Promise<void> {
  const path = join(data, 'agent', 'last-known-good.json');
  const saved = { path, host: 'bench' };
  for (const file of [path, journalOf(saved)]) await rm(file, { force: true });
}

/** Holds these directions of a port to a rate. */
export function limited(
  portId: string,
  directions: readonly Direction[],
  maxKbps: number,
): PortQos {
  const limit = limitOf({ maxKbps });
  return {
    portId,
    egress: directions.includes('EGRESS') ? limit : null,
    ingress: directions.includes('INGRESS') ? limit : null,
  };
}

function refusalIn({ results }: ReportQosInput): string | null {
  const refused = results.find(({ status }) => status !== 'APPLIED');
  return refused ? `Port ${refused.portId} is ${refused.status}: ${refused.message}` : null;
}
