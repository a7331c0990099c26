import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { aborted, type Part } from './lifecycle.ts';
import { type Span, type SpanOptions, type SpanSource, traceIdOf } from './tracing.ts';

export interface TraceExport {
  /** Where an OpenTelemetry collector takes OTLP over HTTP, as http://collector:4318/v1/traces. */
  readonly url: string;
  /** Share of the traces begun here that are recorded; those begun elsewhere say it themselves. */
  readonly ratio: number;
  /** service.name and service.version (OpenTelemetry, resource semantic conventions). */
  readonly service: string;
  readonly version: string;
}

/** What waits for a collector that is slow or away is bounded; what is more is dropped. */
const limits = {
  maxQueueSize: 2_048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 1_000,
  exportTimeoutMillis: 5_000,
};
/** A collector that is away must not keep a program from stopping. */
const flushMs = 2_000;

/** Records spans and sends them to a collector: as a part, until it is stopped. Loaded only where traces are asked for. */
export class OtelSpans implements SpanSource, Part {
  readonly name = 'traces';
  readonly #provider: BasicTracerProvider;

  constructor({ url, ratio, service, version }: TraceExport) {
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }), limits)],
    });
  }

  start(name: string, { parent, sinceMs, kind = 'internal', attributes = {} }: SpanOptions): Span {
    const span = this.#provider.getTracer('sluice').startSpan(
      name,
      {
        kind: kind === 'server' ? SpanKind.SERVER : SpanKind.INTERNAL,
        attributes,
        ...(sinceMs === undefined ? {} : { startTime: performance.timeOrigin + sinceMs }),
      },
      contextOf(parent),
    );
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-0${traceFlags}`,
      end: (fault) => {
        if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
        span.end();
      },
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    await aborted(signal);
    const given = Promise.withResolvers<void>();
    const timer = setTimeout(given.resolve, flushMs);
    await Promise.race([this.#provider.shutdown().catch(() => undefined), given.promise]);
    clearTimeout(timer);
  }
}

function contextOf(parent: string | undefined): Context {
  const traceId = parent && traceIdOf(parent);
  if (!traceId) return ROOT_CONTEXT;
  const [, , spanId = '', flags = '00'] = parent.split('-');
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, remote);
}
