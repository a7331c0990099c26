import { z } from 'zod';
import { directions } from '../domain/ranges.ts';
import { isEmpty, type Notice } from './notice.ts';

// A NOTIFY payload must be shorter than 8000 bytes (PostgreSQL, NOTIFY). Beyond a few payloads
// "look for yourselves" is the cheaper message.
const maxPayloadBytes = 7_900;
const maxPayloads = 32;
const maxPending = 10_000;

const type = z.enum(['CREATED', 'UPDATED', 'DELETED', 'STATUS_CHANGED']);
const ruleNotice = z.object({
  type,
  id: z.string(),
  tenantId: z.string(),
  networkId: z.string().nullable(),
  portId: z.string(),
  direction: z.enum(directions),
});
const ringSchema = z.object({
  from: z.string(),
  notice: z
    .object({
      hosts: z.array(z.string()),
      rules: z.array(ruleNotice),
      agents: z.array(z.object({ type, id: z.string() })),
      trace: z.string().optional(),
    })
    .nullable(),
});

/** A doorbell message from one server to the others. */
export interface Ring {
  readonly from: string;
  /** Null: too much happened to name it, look for yourselves. */
  readonly notice: Notice | null;
}

/** Null for what is no ring of ours. */
export function decodeRing(payload: string): Ring | null {
  try {
    return ringSchema.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}

const encode = (ring: Ring): string => JSON.stringify(ring);

/** What is to be rung next. Notices merge here until the doorbell can send them; past its bound it only says "look". */
export class PendingRing {
  readonly #from: string;
  #hosts = new Set<string>();
  #rules: Notice['rules'][number][] = [];
  #agents: Notice['agents'][number][] = [];
  #unknown = false;
  #trace: string | undefined;

  constructor(from: string) {
    this.#from = from;
  }

  add({ hosts, rules, agents, trace }: Notice): void {
    if (this.#unknown) return;
    this.#trace = trace ?? this.#trace;
    for (const host of hosts) this.#hosts.add(host);
    this.#rules.push(...rules);
    this.#agents.push(...agents);
    if (this.#hosts.size + this.#rules.length + this.#agents.length > maxPending) this.addUnknown();
  }

  /** Makes the next ring say "look": what was to be named is too much, or was lost on the way. */
  addUnknown(): void {
    this.#clear();
    this.#unknown = true;
  }

  /** The messages to send now; nothing is pending afterwards. */
  take(): string[] {
    const unknown = encode({ from: this.#from, notice: null });
    const notice = {
      ...{ hosts: [...this.#hosts], rules: this.#rules, agents: this.#agents },
      trace: this.#trace,
    };
    const payloads = this.#unknown ? [unknown] : split(this.#from, notice);
    this.#clear();
    return payloads.length > maxPayloads ? [unknown] : payloads;
  }

  #clear(): void {
    this.#hosts = new Set();
    this.#rules = [];
    this.#agents = [];
    this.#trace = undefined;
    this.#unknown = false;
  }
}

/** Halves the notice until each part fits a payload. Three lists of one entry do: a name has at most 255 characters. */
function split(from: string, notice: Notice): string[] {
  if (isEmpty(notice)) return [];
  const payload = encode({ from, notice });
  if (Buffer.byteLength(payload) <= maxPayloadBytes) return [payload];
  const { hosts, rules, agents, trace } = notice;
  return [
    ...split(from, {
      hosts: firstHalf(hosts),
      rules: firstHalf(rules),
      agents: firstHalf(agents),
      trace,
    }),
    ...split(from, { hosts: rest(hosts), rules: rest(rules), agents: rest(agents), trace }),
  ];
}

const half = (list: readonly unknown[]): number => Math.ceil(list.length / 2);
const firstHalf = <T>(list: readonly T[]): T[] => list.slice(0, half(list));
const rest = <T>(list: readonly T[]): T[] => list.slice(half(list));
