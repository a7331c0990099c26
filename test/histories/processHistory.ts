import { randomUUID } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { advance, type Change, type DesiredState, type FeedState } from '../../agent/desired.ts';
import { sleep } from '../../lib/retry.ts';
import {
  ApplyQosRulesDocument,
  BindPortDocument,
  DeleteQosRuleDocument,
  UnbindPortDocument,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { requestGraphql } from '../support/graphqlRequest.ts';
import type { Program } from '../support/program.ts';
import { seededRandom } from '../support/random.ts';
import { noteHosts, readAudit, readCommits } from './commitLog.ts';
import { type History, limitsText, ofKind, textOf } from './history.ts';
import type { ProcessWorld } from './processWorld.ts';
import { messageOf, nowMs, positionOf, Recording, stateOf } from './recording.ts';
import { transactionsEnd } from './underWay.ts';

/** A killed agent is a program that has to start; its pauses are its own, up to 5 s. */
const boundMs = 20_000;
const changeMs = 5_000;

/** One host among processes: its agent, its callers, and what the relay saw of its feed. */
export class ProcessHistory {
  readonly seed: number;
  readonly host: string;
  readonly recording = new Recording();
  readonly #world: ProcessWorld;
  readonly #portIds: readonly string[];
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #clockHours: number;
  /** What an agent that stands at this cursor has. */
  readonly #known = new Map<string, DesiredState>();
  #feed: FeedState = { desired: null, staged: null };
  #pieces = 0;
  #agent: Program | undefined;

  constructor(world: ProcessWorld, seed: number) {
    this.seed = seed;
    this.host = `process-${seed}`;
    this.#world = world;
    this.#random = seededRandom(seed);
    this.#clockHours = this.#random.pick([0, -1, 1]);
    this.#portIds = Array.from({ length: 4 }, () => randomUUID());
  }

  async begin(): Promise<void> {
    await this.#startAgent();
    for (const portId of this.#portIds) await this.#untilDone(() => this.#bind(portId));
  }

  /** Some bursts of changes; the agent is killed among them. */
  async round(): Promise<void> {
    const killAt = this.#random.integer(0, 5);
    for (let burst = 0; burst < 6; burst += 1) {
      if (burst === killAt) await this.#killAgent();
      const changes = Array.from({ length: this.#random.integer(1, 4) }, () => this.#change());
      await Promise.all(changes);
      await sleep(this.#random.integer(0, 300));
    }
  }

  opened(subscription: number, since: string | null): void {
    const { host } = this;
    this.#feed = { desired: (since && this.#known.get(since)) || null, staged: null };
    this.#pieces = 0;
    this.recording.add({ kind: 'opened', host, subscription, since: positionOf(since) });
  }

  received(subscription: number, change: Change): void {
    const { host } = this;
    this.recording.add({ kind: 'received', host, subscription, ...messageOf(change) });
    this.#pieces += 1;
    const step = advance(this.#feed, change);
    this.#feed = step.state;
    if (step.kind !== 'committed') return;
    const { desired } = step;
    this.#known.set(desired.cursor, desired);
    const position = positionOf(desired.cursor) ?? { epoch: 'garbage', head: 0 };
    this.recording.add({
      kind: 'applied',
      host,
      position,
      state: stateOf(desired),
      pieces: this.#pieces,
    });
    this.#pieces = 0;
  }

  closed(subscription: number): void {
    this.recording.add({ kind: 'closed', host: this.host, subscription });
  }

  /** What was written down, once the driver was asked for all that the database says. */
  async history(): Promise<History> {
    const { pool, weather } = this.#world;
    const hosts = [this.host];
    await this.#becomesQuiet();
    const endedAtMs = nowMs();
    const enforced = await this.#world.enforced(this.host);
    return {
      hosts,
      commits: await readCommits(pool, hosts),
      events: [...this.recording.events, ...enforced].sort((a, b) => a.atMs - b.atMs),
      outages: [...this.recording.outages, ...weather.outages],
      audit: await readAudit(pool, this.#portIds),
      endedAtMs,
      boundMs,
    };
  }

  async #becomesQuiet(): Promise<void> {
    const { pool } = this.#world;
    await transactionsEnd(pool, AbortSignal.timeout(boundMs));
    const isQuiet = async () => {
      await noteHosts(pool, [this.host]);
      const truth = (await readCommits(pool, [this.host])).at(-1);
      const told = ofKind(this.recording, 'applied').at(-1);
      const enforced = (await this.#world.enforced(this.host)).at(-1);
      if (
        textOf(told?.position ?? null) !== textOf(truth?.position ?? null) ||
        limitsText(enforced?.limits ?? {}) !== limitsText(truth?.state.limits ?? {})
      )
        throw new Error('Not quiet yet.');
    };
    // What never becomes quiet, the validators say better.
    await eventually(isQuiet, { timeoutMs: 2 * boundMs, intervalMs: 250 }).catch(() => undefined);
  }

  async #killAgent(): Promise<void> {
    await this.recording.outage('its agent was killed', this.host, async () => {
      await this.#agent?.kill();
      await this.#startAgent();
    });
  }

  /** Resolves when the agent has opened its feed. */
  async #startAgent(): Promise<void> {
    const before = ofKind(this.recording, 'opened').length;
    this.#agent = await this.#world.startAgent(this.host, this.#clockHours);
    const hasOpened = () => {
      if (ofKind(this.recording, 'opened').length === before)
        throw new Error(`The agent of ${this.host} opened no feed.\n${this.#agent?.log}`);
    };
    await eventually(hasOpened, { timeoutMs: 90_000, intervalMs: 50 });
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    await eventually(work, { timeoutMs: 60_000, intervalMs: 100 });
  }

  /** One change; what fails because something was killed may have been done or not: nobody was told. */
  async #change(): Promise<void> {
    const portId = this.#random.pick(this.#portIds);
    const maxKbps = this.#random.integer(1, 1_000_000);
    const roll = this.#random.next();
    const change = async () => {
      if (roll < 0.7) await this.#limit(portId, maxKbps);
      else if (roll < 0.85) await this.#free(portId);
      else if (roll < 0.92) await this.#bind(portId);
      else await this.#request(UnbindPortDocument, { input: { portId, host: this.host } });
    };
    await change().catch(() => undefined);
  }

  async #bind(portId: string): Promise<void> {
    await this.#request(BindPortDocument, { input: { portId, host: this.host, tenantId: 't' } });
  }

  async #limit(portId: string, maxKbps: number): Promise<void> {
    const rules = [{ portId, direction: 'EGRESS' as const, maxKbps }];
    const { applyQosRules } = await this.#request(ApplyQosRulesDocument, {
      input: { tenantId: 't', rules },
    });
    for (const { id, version } of applyQosRules.qosRules) {
      this.recording.add({ kind: 'acknowledged', ruleId: id, version });
    }
  }

  async #free(portId: string): Promise<void> {
    const { rows } = await this.#world.pool.query<{ id: string }>(
      'select id from qos_rules where port_id = $1',
      [portId],
    );
    for (const { id } of rows) {
      await this.#request(DeleteQosRuleDocument, { input: { id } });
      this.recording.add({ kind: 'acknowledged', ruleId: id, version: null });
    }
  }

  #request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const url = this.#world.endpoint(this.#random.integer(0, 1));
    const by = { url, token: this.#world.adminToken, signal: AbortSignal.timeout(changeMs) };
    return requestGraphql(by, document, variables);
  }
}
