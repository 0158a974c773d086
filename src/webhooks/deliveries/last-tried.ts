import type { Model } from 'mongoose';
import type { HealthDoc } from '../health/model.js';
import type { DeliveryListDeps } from './list.js';

/** When endpoints were last tried, as pumps and probes have recorded it a moment later. */
export function createLastTriedAt(health: Model<HealthDoc>): DeliveryListDeps['lastTriedAt'] {
  return async (endpointId) => {
    const fields = { breaker: 1, last_success_at: 1, last_failure_at: 1 } as const;
    const found = await health.findById(endpointId, fields).lean<Pick<HealthDoc, keyof typeof fields>>().exec();
    if (!found || found.breaker === 'open') return null;
    const times = [found.last_success_at, found.last_failure_at].filter((at) => at !== null);
    return times.sort((a, b) => b.getTime() - a.getTime())[0] ?? null;
  };
}
