import type { Model } from 'mongoose';
import type { Logger } from '../../observability/logger.js';
import type { EndpointChanged } from '../endpoints/service.js';
import type { HealthDoc } from './model.js';
import { closing } from './writes.js';

/**
 * Has what people do to a sick endpoint noticed at once: enabled again it begins anew, disabled or deleted it is given
 * up. What could not be written is noticed at the next probe.
 */
export function createEndpointChanged({
  health,
  logger,
}: {
  health: Model<HealthDoc>;
  logger: Logger;
}): EndpointChanged {
  return async (before, after) => {
    if (!before || before.enabled === after?.enabled) return;
    const at = new Date();
    const set = after?.enabled === true ? { ...begunAnew(at), updated_at: at } : { ring_after: at };
    try {
      await health.updateOne({ _id: before._id }, { $set: set });
    } catch (err) {
      logger.warn({ err, endpoint: before._id }, 'the health of an endpoint that was changed could not be written');
    }
  };
}

/** As if it had never failed. */
export const begunAnew = (wakeAfter: Date) =>
  ({ ...closing(wakeAfter), failures_in_a_row: 0, failing_since: null }) as const;
