/** What a direction of a port is held to; enough of a PortLimit to tell any two apart. */
export interface Limit {
  readonly ruleId: string;
  readonly version: number;
  readonly maxKbps: number | null;
}

/** Everything that one host is to enforce, by `<port id> <direction>`. */
export type Limits = Readonly<Record<string, Limit>>;

export interface HostState {
  readonly adminStateUp: boolean;
  readonly limits: Limits;
}

/** A cursor, decoded. */
export interface Position {
  readonly epoch: string;
  readonly head: number;
}

/** What a transaction made of one host, written down by itself as it committed: the truth that all else is held against. */
export interface Commit {
  /** Grows with each commit of one host. */
  readonly id: number;
  readonly atMs: number;
  readonly host: string;
  readonly position: Position;
  readonly floor: number;
  readonly state: HostState;
}

interface Seen {
  readonly atMs: number;
  readonly host: string;
}

/** An agent began, with what its disk had. */
export interface Started extends Seen {
  readonly kind: 'started';
  readonly position: Position | null;
}

/** An agent opened its feed. Null: from nothing. */
export interface Opened extends Seen {
  readonly kind: 'opened';
  readonly subscription: number;
  readonly since: Position | null;
}

/** A message of a feed reached an agent. */
export interface Received extends Seen {
  readonly kind: 'received';
  readonly subscription: number;
  readonly from: Position | null;
  readonly to: Position;
  readonly more: boolean;
}

export interface Closed extends Seen {
  readonly kind: 'closed';
  readonly subscription: number;
}

/** An agent took a complete state as what its host is to enforce. */
export interface Applied extends Seen {
  readonly kind: 'applied';
  readonly position: Position;
  readonly state: HostState;
  /** How many messages its step came in: with more than one, values newer than the position may be among them. */
  readonly pieces: number;
}

/** A driver was asked for this. */
export interface Enforced extends Seen {
  readonly kind: 'enforced';
  readonly limits: Limits;
}

/** The database went back to an older state of these hosts. */
export interface Restored {
  readonly kind: 'restored';
  readonly atMs: number;
  readonly hosts: readonly string[];
}

/** A caller was told that its change is done. */
export interface Acknowledged {
  readonly kind: 'acknowledged';
  readonly atMs: number;
  readonly ruleId: string;
  /** Null: deleted. */
  readonly version: number | null;
}

export type HistoryEvent =
  | Started
  | Opened
  | Received
  | Closed
  | Applied
  | Enforced
  | Restored
  | Acknowledged;

/** A time in which nobody can promise a host anything: its agent is stopped, its network is away. */
export interface Outage {
  readonly why: string;
  /** Null: every host. */
  readonly host: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A line of the audit log about a rule. */
export interface Audited {
  readonly ruleId: string;
  /** Null: deleted. */
  readonly version: number | null;
}

/** All that happened to a few hosts, on one clock. */
export interface History {
  readonly hosts: readonly string[];
  /** In the order of their ids; the last of each host was taken when all was quiet. */
  readonly commits: readonly Commit[];
  /** In the order in which they happened. */
  readonly events: readonly HistoryEvent[];
  readonly outages: readonly Outage[];
  readonly audit: readonly Audited[];
  readonly endedAtMs: number;
  /** Within which a change reaches a host that nothing keeps away. */
  readonly boundMs: number;
}

/** A broken promise, as a sentence. */
export type Violation = string;

export const textOf = (position: Position | null): string =>
  position ? `${position.epoch}/${position.head}` : 'nothing';

export const samePosition = (a: Position | null, b: Position | null): boolean =>
  textOf(a) === textOf(b);

export const ofHost = <Event extends { readonly host: string }>(
  events: readonly Event[],
  host: string,
): Event[] => events.filter((event) => event.host === host);

export function ofKind<Kind extends HistoryEvent['kind']>(
  { events }: Pick<History, 'events'>,
  kind: Kind,
): Extract<HistoryEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<HistoryEvent, { kind: Kind }> => {
    return event.kind === kind;
  });
}

/** The same whatever the order of its keys. */
export function stateText({ adminStateUp, limits }: HostState): string {
  return `${adminStateUp ? 'up' : 'down'} ${limitsText(limits)}`;
}

export function limitsText(limits: Limits): string {
  const entries = Object.keys(limits)
    .sort()
    .map((key) => `${key}: ${limitText(limits[key])}`);
  return `{${entries.join(', ')}}`;
}

export const limitText = (limit: Limit | undefined): string =>
  limit ? `${limit.ruleId} v${limit.version} ${limit.maxKbps}` : 'none';
