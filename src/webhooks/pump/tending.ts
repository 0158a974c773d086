import type { Logger } from '../../observability/logger.js';
import type { Parts } from './parts.js';

const tendMs = 50;
const refreshMs = 2_000;

/** Keeps claims from going void, and what is known of endpoints fresh, whatever the turns are at. @returns ends it */
export function keepTending(
  { lanes, claims, holdings, cache }: Pick<Parts, 'lanes' | 'claims' | 'holdings' | 'cache'>,
  logger: Logger,
): () => void {
  let refreshedAt = 0;
  let isTending = false;

  async function tend(): Promise<void> {
    lanes.tend();
    await claims.renew(holdings.ageing());
    if (Date.now() - refreshedAt < refreshMs) return;
    refreshedAt = Date.now();
    cache.keepOnly(lanes.has);
    await cache.refresh(lanes.ids());
  }

  const timer = setInterval(() => {
    if (isTending) return;
    isTending = true;
    void tend()
      .catch((err: unknown) => logger.warn({ err }, 'the pump could not renew its claims; trying again'))
      .finally(() => (isTending = false));
  }, tendMs);
  return () => clearInterval(timer);
}
