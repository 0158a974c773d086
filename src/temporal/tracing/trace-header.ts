import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { readTraceparent, traceparentOf, type TraceContext } from '../../observability/tracing/trace-context.js';

/** Where OpenTelemetry's interceptors of the SDK keep it too; `workflows/interceptors.ts` hands it on. */
const traceHeader = '_tracer-data';

export const withTrace = (headers: Headers, context: TraceContext): Headers => ({
  ...headers,
  [traceHeader]: defaultPayloadConverter.toPayload({ traceparent: traceparentOf(context) }),
});

/** Null when it was not traced. */
export function traceOf(headers: Headers): TraceContext | null {
  const payload = headers[traceHeader];
  if (!payload) return null;
  const carrier = defaultPayloadConverter.fromPayload<{ traceparent?: unknown } | null>(payload);
  const traceparent = carrier?.traceparent;
  return typeof traceparent === 'string' ? readTraceparent(traceparent) : null;
}
