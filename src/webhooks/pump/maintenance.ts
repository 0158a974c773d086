import type { Logger } from '../../observability/logger.js';
import type { Parts } from './parts.js';

const maintainEveryMs = 50;
const refreshMs = 2_000;

/** Renews claims and refreshes cached endpoints, whatever the poll loop is doing. @returns stops it */
export function startMaintenance(
  { queues, claims, registry, cache }: Pick<Parts, 'queues' | 'claims' | 'registry' | 'cache'>,
  logger: Logger,
): () => void {
  let refreshedAt = 0;
  let isMaintaining = false;

  async function maintain(): Promise<void> {
    queues.maintain();
    await claims.renew(registry.ageing());
    if (Date.now() - refreshedAt < refreshMs) return;
    refreshedAt = Date.now();
    cache.keepOnly(queues.has);
    await cache.refresh(queues.ids());
  }

  const timer = setInterval(() => {
    if (isMaintaining) return;
    isMaintaining = true;
    void maintain()
      .catch((err: unknown) => logger.warn({ err }, 'the pump could not renew its claims; trying again'))
      .finally(() => (isMaintaining = false));
  }, maintainEveryMs);
  return () => clearInterval(timer);
}
