import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { proxySinks, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import type { TraceSinks } from './contracts/tracing.js';

/** The header that the SDK's OpenTelemetry interceptors use too. */
const traceHeader = '_tracer-data';

interface Heard {
  traceId: string;
  spanId: string;
  flags: string;
  at: number;
  isUsed: boolean;
}

/**
 * A workflow lives for months. Anything it does later than this follows from its own timers, not from the last wake-up.
 */
const holdsForMs = 10 * 60_000;

/**
 * Passes the trace of the last wake-up to the activities and tickets that follow from it, and reports each such
 * activity to the worker when it ends. It awaits nothing, draws no random number and changes no command, so a history
 * replays with and without it.
 */
export const interceptors = (): WorkflowInterceptors => {
  let heard: Heard | null = null;
  let steps = 0;

  /** A wake-up without a trace clears the current trace once a step has used it. */
  function hear(headers: Headers): void {
    const next = readHeader(headers);
    if (next) heard = { ...next, at: Date.now(), isUsed: false };
    else if (heard?.isUsed === true) heard = null;
  }

  function follow(): Heard | null {
    if (heard === null || Date.now() - heard.at > holdsForMs) return null;
    heard.isUsed = true;
    return heard;
  }

  return {
    inbound: [
      {
        execute(input, next) {
          hear(input.headers);
          return next(input);
        },
        handleSignal(input, next) {
          hear(input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          hear(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          const heard = follow();
          if (!heard) return next(input);
          const { traceId, spanId: parentSpanId, flags } = heard;
          const spanId = spanIdOf(workflowInfo().runId, ++steps);
          const startedAt = Date.now();
          const result = next({ ...input, headers: withHeader(input.headers, `00-${traceId}-${spanId}-${flags}`) });
          const end = (failed: boolean) => {
            const step = { traceId, spanId, parentSpanId, activity: input.activityType, startedAt, failed };
            proxySinks<TraceSinks>().tracing.step({ ...step, endedAt: Date.now() });
          };
          // Attached beside the promise, not around it, so that the workflow continues at the same moment as without
          // tracing.
          if (isSampled(flags))
            void result.then(
              () => end(false),
              () => end(true),
            );
          return result;
        },
        startChildWorkflowExecution(input, next) {
          const heard = follow();
          if (!heard) return next(input);
          const { traceId, spanId, flags } = heard;
          return next({ ...input, headers: withHeader(input.headers, `00-${traceId}-${spanId}-${flags}`) });
        },
      },
    ],
  };
};

const isSampled = (flags: string) => (Number.parseInt(flags, 16) & 1) === 1;

function readHeader(headers: Headers): Pick<Heard, 'traceId' | 'spanId' | 'flags'> | null {
  const payload = headers[traceHeader];
  if (!payload) return null;
  const carrier: unknown = defaultPayloadConverter.fromPayload(payload);
  const { traceparent } = (carrier ?? {}) as { traceparent?: unknown };
  if (typeof traceparent !== 'string') return null;
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  return traceId && spanId && flags ? { traceId, spanId, flags } : null;
}

const withHeader = (headers: Headers, traceparent: string): Headers => ({
  ...headers,
  [traceHeader]: defaultPayloadConverter.toPayload({ traceparent }),
});

/**
 * A span id that is the same on every replay: the last 16 digits of the run id, which is random, of which the last 8
 * count the steps.
 */
function spanIdOf(runId: string, step: number): string {
  const digits = runId.replaceAll('-', '').slice(-16);
  const counted = (Number.parseInt(digits.slice(8), 16) ^ step) >>> 0;
  return digits.slice(0, 8) + counted.toString(16).padStart(8, '0');
}
