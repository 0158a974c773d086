import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, type Context, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.js';
import { knownAttributes, readableSpan, spanKinds } from './finished-span.js';
import { exportQuietly } from './quiet-exporter.js';
import type { TraceContext } from './trace-context.js';
import type { Tracer } from './tracing.js';

export interface OtlpOptions {
  /** The collector's base URL, without a trailing slash; `/v1/traces` is put behind it. */
  endpoint: string;
  service: string;
  logger: Logger;
}

const closeWithinMs = 2_000;

/**
 * Spans to an OTLP collector over HTTP, many at a time. What cannot be sent is dropped. OpenTelemetry's own keys count besides:
 * `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_SCHEDULE_DELAY`…
 */
export function createOtlpTracer({ endpoint, service, logger }: OtlpOptions): Tracer {
  const resource = new Resource({ 'service.name': service, 'service.instance.id': randomUUID() });
  const exporter = exportQuietly(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), logger);
  const processor = new BatchSpanProcessor(exporter);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('drawbridge');

  return {
    start(name, { kind, attributes = {}, parent }) {
      const span = tracer.startSpan(
        name,
        { kind: spanKinds[kind], attributes: knownAttributes(attributes) },
        under(parent),
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
        set: (more) => void span.setAttributes(knownAttributes(more)),
        rename: (better) => void span.updateName(better),
        fail: (code) => void span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', code),
        end: () => span.end(),
      };
    },
    record: (span) => processor.onEnd(readableSpan(span, resource)),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeWithinMs);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]).finally(() => clearTimeout(timer));
    },
  };
}

function under(parent: TraceContext | null): Context {
  return parent ? trace.setSpanContext(ROOT_CONTEXT, remote(parent)) : ROOT_CONTEXT;
}

const remote = ({ traceId, spanId, sampled }: TraceContext): SpanContext => ({
  traceId,
  spanId,
  traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  isRemote: true,
});
