import type { Part } from './lifecycle.ts';
import { Tracing } from './tracing.ts';

/** How a program follows its work, and the parts that this takes: none where no collector is named. */
export interface TracingParts {
  readonly tracing: Tracing;
  readonly parts: readonly Part[];
}

export interface TraceConfig {
  readonly traces: string | undefined;
  readonly tracesShare: number;
}

/** OpenTelemetry is loaded only where traces are asked for: an agent would pay for it at each start. */
export async function openTracing(
  { traces: url, tracesShare: ratio }: TraceConfig,
  program: { readonly service: string; readonly version: string },
): Promise<TracingParts> {
  if (url === undefined) return { tracing: new Tracing(), parts: [] };
  const { OtelSpans } = await import('./otelSpans.ts');
  const spans = new OtelSpans({ url, ratio, ...program });
  return { tracing: new Tracing(spans), parts: [spans] };
}
