import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advance, type Change, type FeedState, unstaged } from '../../agent/desired.ts';
import { loadLastGood, saveLastGood } from '../../agent/lastGood.ts';
import type { PortQosFieldsFragment as PortQos } from '../../schema/generated/graphql.ts';
import { limitOf } from '../support/limits.ts';

const seed = Number(process.env.FEED_HISTORY_SEED ?? Date.now() % 1_000_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-feed-history-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What can happen to a feed: at its server, on the way, and to the agent. */
type Event =
  | { readonly kind: 'edit'; readonly portId: string; readonly kbps: number | null }
  | { readonly kind: 'compact' | 'deliver' | 'cut' | 'restart' | 'save' | 'renew' }
  | { readonly kind: 'restore'; readonly back: number };

const edit: fc.Arbitrary<Event> = fc.record({
  kind: fc.constant('edit'),
  portId: fc.constantFrom('a', 'b', 'c', 'd'),
  kbps: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 2, nil: null }),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: edit },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('deliver') }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('compact', 'cut', 'restart', 'save', 'renew') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restore'), back: fc.integer({ min: 1, max: 3 }) }),
  },
);

test(`an agent never holds what its server never said, whatever is cut, compacted, restored or killed, and ends where the server is (FEED_HISTORY_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), holds),
    { seed, numRuns: 300 },
  );
});

async function holds(events: readonly Event[], pieceLength: number): Promise<void> {
  const server = new Server(pieceLength);
  const agent = new Agent(server);
  for (const each of events) await happen(each, server, agent);
  agent.open();
  const misfits = agent.misfits;
  while (agent.cursor !== server.cursor) agent.deliver();
  expect(agent.misfits).toBe(misfits);
  expect(agent.limits).toEqual(server.limits);
}

async function happen(event: Event, server: Server, agent: Agent): Promise<void> {
  switch (event.kind) {
    case 'edit':
      return server.edit(event.portId, event.kbps);
    case 'compact':
      return server.compact();
    case 'renew':
      return server.restore(0);
    case 'restore':
      return server.restore(event.back);
    case 'deliver':
      return agent.deliver();
    case 'cut':
      return agent.open();
    case 'save':
      return agent.save();
    case 'restart':
      return agent.restart();
  }
}

type Limits = Readonly<Record<string, number>>;

interface Row {
  readonly kbps: number | null;
  readonly revision: number;
}

/** A server as DESIGN.md's invariants 2, 3 and 6 have it: rows with revisions, tombstones, a floor, an epoch. */
class Server {
  readonly #pieceLength: number;
  #epoch = 1;
  #floor = 0;
  /** By position; the rows after it was reached. */
  #history: ReadonlyMap<string, Row>[] = [new Map()];
  /** Everything that any position of any epoch has held, by cursor. */
  readonly #said = new Map<string, Limits>();

  constructor(pieceLength: number) {
    this.#pieceLength = pieceLength;
    this.#note();
  }

  get cursor(): string {
    return `${this.#epoch}:${this.#head}`;
  }

  get limits(): Limits {
    return limitsOf(this.#rows);
  }

  edit(portId: string, kbps: number | null): void {
    this.#history.push(new Map(this.#rows).set(portId, { kbps, revision: this.#head + 1 }));
    this.#note();
  }

  /** Tombstones go, and with them what resuming below needs. */
  compact(): void {
    this.#floor = this.#head;
    const kept = [...this.#rows].filter(([, { kbps }]) => kbps !== null);
    this.#history[this.#head] = new Map(kept);
  }

  /** A backup that is so many changes old. */
  restore(back: number): void {
    this.#epoch += 1;
    this.#history = this.#history.slice(0, Math.max(1, this.#history.length - back));
    this.#floor = Math.min(this.#floor, this.#head);
    this.#note();
  }

  /** The next step from `since`, in pieces; each reads what there is when it is sent. Null: nothing new. */
  step(since: string | null): Step | null {
    if (since === this.cursor) return null;
    const [epoch, position] = (since ?? '').split(':').map(Number);
    const isKnown = epoch === this.#epoch && position! >= this.#floor && position! <= this.#head;
    return {
      from: isKnown ? since : null,
      past: isKnown ? position! : 0,
      to: this.cursor,
      after: '',
    };
  }

  /** Null: what was begun cannot go on (compaction or another epoch overtook it). */
  piece({ from, past, to, after }: Step): Change | null {
    const [epoch, position] = to.split(':').map(Number);
    if (epoch !== this.#epoch || (from !== null && past < this.#floor) || position! < this.#floor) {
      return null;
    }
    const due = [...this.#rows]
      .filter(
        ([portId, { kbps, revision }]) =>
          portId > after && (from === null ? kbps !== null : revision > past),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const ports = due.slice(0, this.#pieceLength).map(([portId, { kbps }]) => portOf(portId, kbps));
    return { from, to, more: due.length > this.#pieceLength, adminStateUp: true, ports };
  }

  /** What position `cursor` held, and every later one of its epoch so far. */
  since(cursor: string): readonly Limits[] {
    const [epoch, position] = cursor.split(':').map(Number);
    return [...this.#said].flatMap(([said, limits]) => {
      const [ofEpoch, at] = said.split(':').map(Number);
      return ofEpoch === epoch && at! >= position! ? [limits] : [];
    });
  }

  get #head(): number {
    return this.#history.length - 1;
  }

  get #rows(): ReadonlyMap<string, Row> {
    return this.#history.at(-1)!;
  }

  #note(): void {
    this.#said.set(this.cursor, this.limits);
  }
}

/** A step that is being sent. */
interface Step {
  readonly from: string | null;
  readonly past: number;
  readonly to: string;
  readonly after: string;
}

/** The agent's own parts, and a subscription of theirs. */
class Agent {
  misfits = 0;
  readonly #server: Server;
  readonly #file = { path: join(folder, `state-${count++}`), host: 'host' };
  #state: FeedState = { desired: null, staged: null };
  #sending: Step | null = null;
  /** Where the subscription is at the server's end. */
  #sent: string | null = null;

  constructor(server: Server) {
    this.#server = server;
  }

  get cursor(): string | null {
    return this.#state.desired?.cursor ?? null;
  }

  get limits(): Limits {
    return limitsIn(this.#state);
  }

  /** A new subscription, from where the agent stands. */
  open(): void {
    this.#state = unstaged(this.#state);
    this.#sending = null;
    this.#sent = this.cursor;
  }

  /** The next message comes, if there is one. */
  deliver(): void {
    this.#sending ??= this.#server.step(this.#sent);
    if (this.#sending === null) return;
    const message = this.#server.piece(this.#sending);
    if (message === null) {
      this.#sending = this.#server.step(null);
      return;
    }
    this.#take(message);
    const last = message.ports.at(-1)?.portId ?? '';
    if (message.more) this.#sending = { ...this.#sending, after: last };
    else [this.#sent, this.#sending] = [message.to, null];
  }

  async save(): Promise<void> {
    if (this.#state.desired) await saveLastGood(this.#file, this.#state.desired);
  }

  /** Killed: what was not saved is lost. */
  async restart(): Promise<void> {
    const loaded = await loadLastGood(this.#file);
    expect(loaded.kind).not.toBe('unusable');
    this.#state = { desired: loaded.kind === 'loaded' ? loaded.desired : null, staged: null };
    this.open();
  }

  #take(message: Change): void {
    const step = advance(this.#state, message);
    this.#state = step.state;
    if (step.kind === 'misfit') {
      this.misfits += 1;
      this.open();
    } else if (step.kind === 'committed') {
      this.#expectSaid(step.desired.cursor);
    }
  }

  /** Each port has what the server said at the cursor or, in a piece that was read later, since. */
  #expectSaid(cursor: string): void {
    const said = this.#server.since(cursor);
    for (const portId of ['a', 'b', 'c', 'd']) {
      expect(
        said.map((limits) => limits[portId]),
        `port ${portId} at ${cursor}`,
      ).toContain(this.limits[portId]);
    }
  }
}

let count = 0;

function limitsOf(rows: ReadonlyMap<string, Row>): Limits {
  const limited = [...rows].flatMap(([portId, { kbps }]) =>
    kbps === null ? [] : [[portId, kbps] as const],
  );
  return Object.fromEntries(limited);
}

function limitsIn({ desired }: FeedState): Limits {
  const ports = [...(desired?.ports.values() ?? [])];
  return Object.fromEntries(ports.map(({ portId, egress }) => [portId, egress?.maxKbps ?? 0]));
}

function portOf(portId: string, maxKbps: number | null): PortQos {
  const egress = maxKbps === null ? null : limitOf({ ruleId: 'rule', maxKbps });
  return { portId, egress, ingress: null };
}
