import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-context.js';

/** Ids, names of ours, codes and counts. Never a text, a URL or a secret: a collector is another system. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface Span {
  readonly context: TraceContext;
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** A code, of what went wrong; a span without one was well. */
  fail(code: string): void;
}

export interface SpanOptions {
  kind: SpanKind;
  attributes?: Attributes;
  /** What it is under; the active span when left out, null for none. */
  parent?: TraceContext | null;
}

/** A span that others have timed. */
export interface FinishedSpan extends Omit<SpanOptions, 'parent'> {
  name: string;
  context: TraceContext;
  parentSpanId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  /** Null when it was well. */
  failure: string | null;
}

/** What keeps spans. There is one when tracing is on; what it needs is loaded only then. */
export interface Tracer {
  start(name: string, options: SpanOptions & { parent: TraceContext | null }): Span & { end(): void };
  record(span: FinishedSpan): void;
  /** Sends what is left, within two seconds. */
  close(): Promise<void>;
}

interface Active {
  span: Span;
  /** Stand on each line that is logged inside. */
  fields: Readonly<Record<string, string>>;
}

// As with OpenTelemetry's own API there is one a process, which those who make spans need not be handed.
const active = new AsyncLocalStorage<Active>();
let tracer: Tracer | null = null;

/** Turns tracing on for this process. @returns what turns it off, after what is left was sent */
export function installTracer(next: Tracer): () => Promise<void> {
  tracer = next;
  return async () => {
    if (tracer === next) tracer = null;
    await next.close();
  };
}

export const isTracing = (): boolean => tracer !== null;

/** The span that runs here; undefined when there is none, or tracing is off. */
export const activeSpan = (): Span | undefined => (tracer === null ? undefined : active.getStore()?.span);

/** What stands on a line that is logged here; a new object each time. */
export function traceFields(): Record<string, string> {
  const here = tracer === null ? undefined : active.getStore();
  return here ? { ...here.fields, trace_id: here.span.context.traceId } : {};
}

const noSpan: Span = {
  context: { traceId: '', spanId: '', sampled: false },
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
};

/**
 * Runs work inside a span, which ends with it. While tracing is off it only runs the work.
 * @param fields stand on each line that is logged inside
 */
export async function inSpan<T>(
  name: string,
  options: SpanOptions & { fields?: Readonly<Record<string, string>> },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  if (tracer === null) return work(noSpan);
  const around = active.getStore();
  const parent = options.parent === undefined ? (around?.span.context ?? null) : options.parent;
  const span = tracer.start(name, { ...options, parent });
  try {
    return await active.run({ span, fields: options.fields ?? around?.fields ?? {} }, () => work(span));
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Keeps a span that others have timed, unless tracing is off. */
export function recordSpan(span: FinishedSpan): void {
  if (span.context.sampled) tracer?.record(span);
}

/** The short and stable word for an error: its own code or type, else its class. Messages may hold what others wrote. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, type } = error as { code?: unknown; type?: unknown };
  for (const word of [code, type, error.name]) if (typeof word === 'string' && /^\w{1,64}$/.test(word)) return word;
  return 'unknown';
}
