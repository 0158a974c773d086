import {
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Attributes as OtelAttributes,
  type HrTime,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Attributes, FinishedSpan, SpanKind as Kind } from './tracing.js';

export const spanKinds: Record<Kind, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Without those that say nothing. */
export function knownAttributes(attributes: Attributes): OtelAttributes {
  const known: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value != null) known[name] = value;
  return known;
}

/** A span that others have timed, in the shape of OpenTelemetry's processors. */
export function readableSpan(span: FinishedSpan, resource: Resource): ReadableSpan {
  const { name, kind, context, parentSpanId, startedAt, endedAt, failure, attributes = {} } = span;
  const spanContext = { traceId: context.traceId, spanId: context.spanId, traceFlags: TraceFlags.SAMPLED };
  return {
    ...{ name, parentSpanId, resource },
    kind: spanKinds[kind],
    spanContext: () => spanContext,
    startTime: hrTime(startedAt),
    endTime: hrTime(endedAt),
    duration: hrTime(Math.max(0, endedAt - startedAt)),
    status: { code: failure === null ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: knownAttributes({ ...attributes, 'error.type': failure }),
    ...{ links: [], events: [], ended: true },
    instrumentationLibrary: { name: 'drawbridge' },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

/** Seconds and nanoseconds. @param ms milliseconds */
const hrTime = (ms: number): HrTime => [Math.trunc(ms / 1_000), Math.round((ms % 1_000) * 1_000_000)];
