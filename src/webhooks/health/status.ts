import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { HealthDoc } from './model.js';
import type { Parked } from './parked.js';

/** What is known of an endpoint that fails, and what happens to it next. */
export interface HealthStatus {
  failingSince: Date | null;
  /** Since when its breaker is open; null when it is not. */
  openedAt: Date | null;
  /** While its breaker is open. */
  nextProbeAt: Date | null;
  probes: number;
  /** Deliveries that wait for a probe to get through: at most 10,000. */
  parked: number;
}

/** The outlook of these endpoints of an org, by id; of which nothing is known are missing. */
export type HealthStatusOf = (orgId: string, ids: readonly string[]) => Promise<Map<string, HealthStatus>>;

export function createHealthStatusOf({
  health,
  parked,
}: {
  health: Model<HealthDoc>;
  parked: Pick<Parked, 'count'>;
}): HealthStatusOf {
  return async (orgId, ids) => {
    if (ids.length === 0) return new Map();
    const filter = { _id: trusted({ $in: [...ids] }), org_id: orgId };
    const docs = await health.find(filter).lean<HealthDoc[]>().exec();
    return new Map(
      await Promise.all(
        docs.map(async ({ _id, breaker, failing_since, opened_at, next_probe_at, probes }) => {
          const isOpen = breaker === 'open';
          const status: HealthStatus = {
            failingSince: failing_since,
            openedAt: opened_at,
            nextProbeAt: isOpen ? next_probe_at : null,
            probes,
            parked: isOpen ? await parked.count(_id, ['parked']) : 0,
          };
          return [_id, status] as const;
        }),
      ),
    );
  };
}
