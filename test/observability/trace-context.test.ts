import { describe, expect, it } from 'vitest';
import { readTraceparent, traceparentOf } from '../../src/observability/tracing/trace-context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is read as W3C writes it, and written so', () => {
    const context = readTraceparent(`00-${traceId}-${spanId}-01`);
    expect(context).toEqual({ traceId, spanId, sampled: true });
    expect(context && traceparentOf(context)).toBe(`00-${traceId}-${spanId}-01`);
    expect(readTraceparent(`00-${traceId}-${spanId}-00`)?.sampled).toBe(false);
  });

  it('of a version to come is read as far as this one goes', () => {
    expect(readTraceparent(`01-${traceId}-${spanId}-03-more`)).toEqual({ traceId, spanId, sampled: true });
  });

  it.each([
    [undefined],
    [''],
    ['rubbish'],
    [`ff-${traceId}-${spanId}-01`],
    [`00-${'0'.repeat(32)}-${spanId}-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId.toUpperCase()}-${spanId}-01`],
    [`00-${traceId}-${spanId}`],
    [`00-${traceId}-${spanId}-01x`],
  ])('is none where it is %s', (header) => {
    expect(readTraceparent(header)).toBeNull();
  });
});
