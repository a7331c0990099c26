import { currentTrace, Tracing } from '../lib/tracing.ts';

/**
 * Follows the agent's part of a change: from the step of the feed that told of it, over the round that makes the
 * switch so, to the report. Steps that come together are one round's work, which goes by the newest one's trace;
 * a round that no step asked for, for drift or a look, belongs to none.
 */
export class ChangeTrace {
  readonly #tracing: Tracing;
  #stepped: { readonly trace: string; readonly atMs: number } | undefined;
  #settled: string | undefined;

  constructor(tracing = new Tracing()) {
    this.#tracing = tracing;
  }

  /** A step of the feed was taken. */
  stepped(traceparent: string | null | undefined): void {
    this.#stepped = traceparent ? { trace: traceparent, atMs: performance.now() } : undefined;
  }

  /** Runs a round. One that fails leaves its step to the next. */
  async round<T>(work: () => Promise<T>): Promise<T> {
    const step = this.#stepped;
    if (!step) return work();
    this.#tracing.note('take step', step.atMs, step.trace);
    const result = await this.#tracing.run('enforce', { parent: step.trace }, work);
    if (this.#stepped === step) this.#stepped = undefined;
    return result;
  }

  /** A part of the round that is under way. */
  part<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#tracing.part(name, work);
  }

  /** The round that is under way has a result to tell. */
  settled(): void {
    this.#settled = currentTrace() ?? this.#settled;
  }

  /** Tells the server what came of it. */
  async report<T>(work: () => Promise<T>): Promise<T> {
    const trace = this.#settled;
    if (trace === undefined) return work();
    const result = await this.#tracing.run('report', { parent: trace }, work);
    if (this.#settled === trace) this.#settled = undefined;
    return result;
  }
}
