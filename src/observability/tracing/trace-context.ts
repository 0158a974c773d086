/** Where in which trace: what W3C's `traceparent` says. Random numbers only, so it may go anywhere. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** Of the span that what comes is under: 16 hexadecimal digits. */
  spanId: string;
  /** Whether anybody keeps the trace. */
  sampled: boolean;
}

const shape = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

/** Reads a `traceparent`; null for what is none. A version to come is read as far as this one goes, as W3C asks. */
export function readTraceparent(header: string | undefined): TraceContext | null {
  const [, traceId, spanId, flags] = shape.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Without a `tracestate`: that of a caller may hold anything. */
export const traceparentOf = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
