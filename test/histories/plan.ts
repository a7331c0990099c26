import { seededRandom } from '../support/random.ts';

/** One write of a caller. Ports and hosts are named by number: each history has its own. */
export type Change =
  | {
      readonly kind: 'set';
      readonly port: number;
      readonly direction: Direction;
      readonly maxKbps: number;
    }
  | { readonly kind: 'clear'; readonly port: number; readonly direction: Direction }
  | { readonly kind: 'apply'; readonly ports: readonly number[]; readonly maxKbps: number }
  | { readonly kind: 'bind' | 'unbind'; readonly port: number; readonly host: number }
  | { readonly kind: 'admin'; readonly host: number; readonly up: boolean };

export type Direction = 'EGRESS' | 'INGRESS';

/** What happens next. What has `ms` lasts so long; all else is done at once. */
export type Act =
  | { readonly kind: 'change'; readonly changes: readonly Change[] }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'compact' }
  /** The agent's connections are reset, at once or in the middle of a message. */
  | { readonly kind: 'cut'; readonly host: number; readonly afterBytes: number | null }
  /** Nothing passes on the agent's connections, then all of it. */
  | { readonly kind: 'stall'; readonly host: number; readonly ms: number }
  /** Nothing will ever pass again on the connections there are, and nobody says so. */
  | { readonly kind: 'halfOpen'; readonly host: number }
  /** No server is to be reached. */
  | { readonly kind: 'shut'; readonly host: number; readonly ms: number }
  /** Killed; it comes back with its disk as it was so many states ago. Null: with an empty one. */
  | {
      readonly kind: 'kill';
      readonly host: number;
      readonly lost: number | null;
      readonly ms: number;
    }
  | { readonly kind: 'backup' }
  /** The database goes back to the backup, with new epochs; agents may be stopped meanwhile. */
  | {
      readonly kind: 'restore';
      readonly agentsStopped: boolean;
      readonly changes: readonly Change[];
    }
  | Weather;

/** What concerns everyone who shares the servers. */
export type Weather =
  /** The backends that listen for doorbells are terminated. */
  | { readonly kind: 'deafen' }
  /** All backends of the servers' pools are terminated. */
  | { readonly kind: 'terminate' }
  /** One server's connections to the database are reset. */
  | { readonly kind: 'cutDatabase'; readonly server: number }
  /** Nothing passes between one server and the database, then they are reset. */
  | { readonly kind: 'stallDatabase'; readonly server: number; readonly ms: number }
  /** A server is drained and another one takes its place. */
  | { readonly kind: 'replaceServer'; readonly server: number }
  /** The servers' and agents' clocks jump. */
  | { readonly kind: 'setClock'; readonly hours: -1 | 0 | 1 };

export interface Plan {
  readonly seed: number;
  readonly hosts: number;
  readonly ports: number;
  /** With weather of its own, which is everyone's: such histories run in a world apart. */
  readonly stormy: boolean;
  readonly acts: readonly Act[];
}

export const serverCount = 3;
const stormyShare = 4;

export const isStormy = (seed: number): boolean => seed % stormyShare === 0;

type Random = ReturnType<typeof seededRandom>;

/** What happens in the history of this seed: the same for the same seed, always. */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const hosts = random.integer(1, 2);
  const ports = random.integer(2, 7);
  const stormy = isStormy(seed);
  // From never to after every act: compaction at every boundary.
  const compaction = random.pick([0, 0.3, 1]);
  const size = { hosts, ports };
  const acts: Act[] = [{ kind: 'change', changes: everythingBound(size) }];
  for (let n = random.integer(8, 14); n > 0; n -= 1) {
    acts.push(...oneAct(random, size, stormy));
    if (random.next() < compaction) acts.push({ kind: 'compact' });
  }
  acts.push({ kind: 'change', changes: someChanges(random, size) });
  return { seed, hosts, ports, stormy, acts };
}

interface Size {
  readonly hosts: number;
  readonly ports: number;
}

function everythingBound({ hosts, ports }: Size): Change[] {
  return Array.from({ length: ports }, (_, port) => ({ kind: 'bind', port, host: port % hosts }));
}

function oneAct(random: Random, size: Size, stormy: boolean): Act[] {
  const changes: Act = { kind: 'change', changes: someChanges(random, size) };
  const roll = random.next();
  if (roll < 0.4) return [changes];
  if (roll < 0.5) return [{ kind: 'pause', ms: random.integer(10, 200) }];
  if (stormy && roll < 0.7) return [changes, someWeather(random)];
  if (roll < 0.9) return [changes, agentFault(random, size)];
  return restoration(random, size);
}

function someChanges(random: Random, size: Size): Change[] {
  return Array.from({ length: random.integer(1, 6) }, () => someChange(random, size));
}

function someChange(random: Random, { hosts, ports }: Size): Change {
  const port = random.integer(0, ports - 1);
  const host = random.integer(0, hosts - 1);
  const direction = random.pick(['EGRESS', 'INGRESS'] as const);
  const maxKbps = random.integer(1, 1_000_000);
  const roll = random.next();
  if (roll < 0.55) return { kind: 'set', port, direction, maxKbps };
  if (roll < 0.67) return { kind: 'clear', port, direction };
  if (roll < 0.77) {
    return { kind: 'apply', ports: [...new Set([port, random.integer(0, ports - 1)])], maxKbps };
  }
  if (roll < 0.86) return { kind: 'bind', port, host };
  if (roll < 0.95) return { kind: 'unbind', port, host };
  return { kind: 'admin', host, up: random.pick([true, false]) };
}

function agentFault(random: Random, { hosts }: Size): Act {
  const host = random.integer(0, hosts - 1);
  const ms = random.integer(50, 1_500);
  const afterBytes = random.pick([null, random.integer(1, 2_000)]);
  return random.pick<Act>([
    { kind: 'cut', host, afterBytes },
    { kind: 'cut', host, afterBytes },
    { kind: 'stall', host, ms },
    { kind: 'halfOpen', host },
    { kind: 'shut', host, ms },
    { kind: 'kill', host, lost: random.pick([0, 1, 2]), ms },
    { kind: 'kill', host, lost: random.pick([0, 3, null]), ms },
  ]);
}

function restoration(random: Random, size: Size): Act[] {
  const between = Array.from({ length: random.integer(1, 3) }, (): Act => {
    return { kind: 'change', changes: someChanges(random, size) };
  });
  const agentsStopped = random.pick([true, false]);
  // As many as bring a head past where it stood before, and fewer.
  const changes = Array.from({ length: random.integer(0, 25) }, () => someChange(random, size));
  return [{ kind: 'backup' }, ...between, { kind: 'restore', agentsStopped, changes }];
}

function someWeather(random: Random): Weather {
  const server = random.integer(0, serverCount - 1);
  return random.pick<Weather>([
    { kind: 'deafen' },
    { kind: 'deafen' },
    { kind: 'terminate' },
    { kind: 'cutDatabase', server },
    { kind: 'stallDatabase', server, ms: random.integer(100, 1_500) },
    { kind: 'replaceServer', server },
    { kind: 'setClock', hours: random.pick([-1, 0, 1]) },
  ]);
}
