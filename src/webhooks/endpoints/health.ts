import { z } from 'zod';
import { timestamp } from '../../http/schema.js';

/** How deliveries to an enabled endpoint go. */
export interface EndpointHealth {
  /** `new`: nothing was tried yet; `failing`: the last try failed; `paused`: the breaker is open, and it is probed. */
  status: 'new' | 'healthy' | 'failing' | 'paused';
  last_success_at: Date | null;
  last_failure_at: Date | null;
  /** Since the last success. */
  consecutive_failures: number;
  /** Deliveries that have not come to their end. */
  pending: number;
}

/** The health of these endpoints of an org, by id; of which nothing is known are missing. One query for all. */
export type HealthOf = (orgId: string, ids: string[]) => Promise<Map<string, EndpointHealth>>;

export const unknownHealth: EndpointHealth = {
  status: 'new',
  last_success_at: null,
  last_failure_at: null,
  consecutive_failures: 0,
  pending: 0,
};

export const healthSchema = z
  .object({
    status: z.enum(['new', 'healthy', 'failing', 'paused', 'disabled']).meta({
      description:
        '`new`: nothing was tried yet. `failing`: the last attempt failed. `paused`: too many attempts failed, and deliveries are parked until a probe gets through. `disabled`: it is not enabled.',
    }),
    last_success_at: timestamp.nullable().meta({ description: 'The last attempt that succeeded; null: none has.' }),
    last_failure_at: timestamp.nullable().meta({ description: 'The last attempt that failed; null: none has.' }),
    consecutive_failures: z.number().int().meta({ description: 'Failed attempts since the last success.' }),
    pending: z.number().int().meta({ description: 'Deliveries that are still to be made.' }),
  })
  .meta({ id: 'WebhookHealth', description: 'How deliveries to an endpoint go.' });

/** @param enabled of the endpoint: while it is not, there is no other state */
export const presentHealth = (health: EndpointHealth, enabled: boolean) => ({
  status: enabled ? health.status : ('disabled' as const),
  last_success_at: health.last_success_at?.toISOString() ?? null,
  last_failure_at: health.last_failure_at?.toISOString() ?? null,
  consecutive_failures: health.consecutive_failures,
  pending: health.pending,
});
