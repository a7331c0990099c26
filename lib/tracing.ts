import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/**
 * One piece of work in a trace. `traceparent` (W3C Trace Context, §3.2) names it to whoever goes on with the
 * work elsewhere; its second field is the id that the logs of all programs have in common.
 */
export interface Span {
  readonly traceparent: string;
  /** `fault`: what it failed with. */
  end(fault?: string): void;
}

export interface SpanOptions {
  /** What it is a part of; undefined: a trace of its own. */
  readonly parent?: string | undefined;
  /** When it began, by `performance.now()`; now where left out. */
  readonly sinceMs?: number;
  /** What is asked of this program by another, or work inside it. */
  readonly kind?: 'server' | 'internal';
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** Makes spans: recorded and sent away (lib/otelSpans.ts), or nothing but the names that work goes by. */
export interface SpanSource {
  start(name: string, options: SpanOptions): Span;
}

const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What somebody sent as a traceparent, if it is one. */
export const asTraceparent = (value: unknown): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;

export const traceIdOf = (traceparent: string): string | undefined =>
  pattern.exec(traceparent)?.[1];

/** Records nothing: all work of a trace goes by one name, made at its beginning. */
const namesOnly: SpanSource = {
  start: (_name, { parent }) => ({ traceparent: parent ?? newTraceparent(), end: () => undefined }),
};

/** Not sampled (§3.2.2.5.1): who records traces need not record this one. */
function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

const under = new AsyncLocalStorage<string>();

/** The traceparent of the work that is under way here. */
export const currentTrace = (): string | undefined => under.getStore();

/** What a log line has of the work that it is about. */
export function traceFields(): { traceId?: string } {
  const traceparent = currentTrace();
  const traceId = traceparent && traceIdOf(traceparent);
  return traceId ? { traceId } : {};
}

/** Follows work through a program. */
export class Tracing {
  readonly #source: SpanSource;

  constructor(source: SpanSource = namesOnly) {
    this.#source = source;
  }

  /** Does the work as a span: part of `parent`, else of what is under way, else of nothing. */
  async run<T>(name: string, options: SpanOptions, work: () => T | Promise<T>): Promise<T> {
    const parent = options.parent ?? currentTrace();
    const span = this.#source.start(name, { ...options, parent });
    try {
      const result = await under.run(span.traceparent, work);
      span.end();
      return result;
    } catch (error) {
      span.end(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** The same as a part of what is under way; where nothing is, just the work. */
  part<T>(name: string, work: () => Promise<T>): Promise<T> {
    return currentTrace() === undefined ? work() : this.run(name, {}, work);
  }

  /** Notes work of `parent` that began at `sinceMs` and ends now; where there is none, nothing. */
  note(name: string, sinceMs: number, parent: string | undefined): void {
    if (parent !== undefined) this.#source.start(name, { parent, sinceMs }).end();
  }
}
