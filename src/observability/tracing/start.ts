import type { Logger } from '../logger.js';
import { installTracer } from './tracing.js';

/**
 * Turns tracing on, where a collector is set.
 * @param service what its spans are said to come from
 * @returns what turns it off, after what is left was sent
 */
export async function startTracing(
  { otlpEndpoint }: { otlpEndpoint: string | undefined },
  service: 'drawbridge-api' | 'drawbridge-worker',
  logger: Logger,
): Promise<() => Promise<void>> {
  if (otlpEndpoint === undefined) return () => Promise.resolve();
  // Loaded here and nowhere else: without a collector it costs nothing.
  const { createOtlpTracer } = await import('./otlp.js');
  return installTracer(createOtlpTracer({ endpoint: otlpEndpoint, service, logger }));
}
