import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { EndpointHealth, HealthOf } from '../endpoints/health.js';
import { unknownHealth } from '../endpoints/health.js';
import type { HealthDoc } from './model.js';
import type { Parked } from './parked.js';

/** What the API tells of endpoints' health. `pending` counts to 10,000. */
export function createHealthOf({
  health,
  parked,
}: {
  health: Model<HealthDoc>;
  parked: Pick<Parked, 'count'>;
}): HealthOf {
  return async (orgId, ids) => {
    if (ids.length === 0) return new Map();
    const filter = { _id: trusted({ $in: [...ids] }), org_id: orgId };
    const [docs, pending] = await Promise.all([
      health.find(filter).lean<HealthDoc[]>().exec(),
      // The index is bounded by the endpoint, so a count each costs less than grouping all of them.
      Promise.all(ids.map((id) => parked.count(id, ['pending', 'retrying', 'parked']))),
    ]);
    const byId = new Map(docs.map((doc) => [doc._id, doc]));
    return new Map(ids.map((id, index) => [id, presented(byId.get(id), pending[index] ?? 0)]));
  };
}

function presented(doc: HealthDoc | undefined, pending: number): EndpointHealth {
  if (!doc) return { ...unknownHealth, pending };
  return {
    status: statusOf(doc),
    last_success_at: doc.last_success_at,
    last_failure_at: doc.last_failure_at,
    consecutive_failures: doc.failures_in_a_row,
    pending,
  };
}

function statusOf({ breaker, failures_in_a_row, last_success_at }: HealthDoc): EndpointHealth['status'] {
  if (breaker === 'open') return 'paused';
  if (failures_in_a_row > 0) return 'failing';
  return last_success_at === null ? 'new' : 'healthy';
}
