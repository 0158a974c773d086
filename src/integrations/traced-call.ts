import { traceparentOf } from '../observability/tracing/trace-context.js';
import { inSpan, isTracing } from '../observability/tracing/tracing.js';
import type { HttpAnswer, HttpRequest } from './http-call.js';

/** A call to a tracker as a span, with its context in a `traceparent`. The address stays out of it. */
export function tracedCall(
  request: HttpRequest,
  call: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  if (!isTracing()) return call(request);
  const attributes = { 'http.request.method': request.method };
  return inSpan(`HTTP ${request.method}`, { kind: 'client', attributes }, async (span) => {
    const headers = { ...request.headers, traceparent: traceparentOf(span.context) };
    const answer = await call({ ...request, headers });
    span.set({ 'http.response.status_code': answer.status });
    return answer;
  });
}
