import { ProviderError } from '../lib/provider-errors.js';
import type { ObserveCall } from './observed-provider.js';
import type { LifecycleMetrics } from '../observability/metrics/lifecycle-metrics.js';
import { inSpan } from '../observability/tracing/tracing.js';

/** Counts calls of providers, and makes each a span. @param metrics undefined: they are off */
export function observeProviderCalls(metrics: Pick<LifecycleMetrics, 'providerCalled'> | undefined): ObserveCall {
  return async ({ provider, operation, orgId, linkId, repeated }, run) => {
    const startedAt = performance.now();
    const attributes = {
      'drawbridge.provider': provider,
      'drawbridge.operation': operation,
      'drawbridge.org_id': orgId,
      'drawbridge.link_id': linkId,
      'drawbridge.repeated': repeated,
    };
    const record = (outcome: string) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      metrics?.providerCalled({ provider, operation, outcome, seconds });
    };
    return inSpan(`${provider} ${operation}`, { kind: 'client', attributes }, async () => {
      try {
        const value = await run();
        record('ok');
        return value;
      } catch (error) {
        record(classifyAttempt(error));
        throw error;
      }
    });
  };
}

/** What came of a call, in one of few words. */
function classifyAttempt(error: unknown): string {
  if (!(error instanceof ProviderError)) return 'unexpected';
  const { code, retryable } = error;
  if (code === 'http_401') return 'credentials';
  if (code === 'http_429') return 'rate_limited';
  if (['network', 'timeout', 'aborted'].includes(code)) return code;
  return retryable ? 'unavailable' : 'refused';
}
