import type { Logger } from '../../observability/logger.js';
import type { AttemptOnce } from './attempt.js';
import type { EndpointCache } from './endpoint-cache.js';
import { classifyAttempt } from './classify-attempt.js';
import type { Holds } from './holds.js';
import type { Target } from './target.js';
import type { DueDelivery, Job, Outcome, PumpHealth } from './types.js';

export interface SenderDeps {
  attemptOnce: AttemptOnce;
  cache: EndpointCache;
  health: Pick<PumpHealth, 'isOpen'>;
  holds: Holds;
  /** Disables an endpoint whose receiver answered 410, unless somebody has changed it since. */
  gone: (endpoint: { id: string; orgId: string; version: number }) => Promise<void>;
  delaysMs: readonly number[];
  random: () => number;
  logger: Logger;
  /** Ends the posts under way. */
  stopped: () => AbortSignal;
  finish: (outcome: Outcome) => void;
}

/** Until a missing key is likely to be back. */
const undecryptableDeferMs = 60_000;

/** Whether one is parked when its endpoint's breaker is open: what was tried keeps its schedule, what people ask for is done. */
export const isParked = ({ status, trigger }: DueDelivery): boolean => status === 'pending' && trigger !== 'manual';

/** Whether a delivery waits while its receiver has asked for a pause: what people ask for is sent at once. */
export const isHeldBack = ({ trigger }: DueDelivery): boolean => trigger !== 'manual';

/** Sends claimed deliveries, one at a time, and says what becomes of each. */
export function createSender(deps: SenderDeps) {
  const { attemptOnce, cache, health, holds, delaysMs, random, logger, stopped, finish } = deps;
  const disabling = new Set<string>();

  /** What becomes of one that is not sent; null when it is to be. */
  function untried(delivery: DueDelivery, target: Target | null | undefined): Outcome | null {
    if (target === null) return { kind: 'cancelled', delivery };
    if (target?.enabled === false) return { kind: 'disabled', delivery };
    if (!target?.opened) return { kind: 'put_off', delivery, until: new Date(Date.now() + undecryptableDeferMs) };
    if (isParked(delivery) && health.isOpen(target.id)) return { kind: 'parked', delivery };
    const heldUntil = holds.heldUntil(target.id);
    if (heldUntil && isHeldBack(delivery)) return { kind: 'put_off', delivery, until: heldUntil };
    return null;
  }

  async function disable({ id, orgId, version }: Target): Promise<void> {
    if (disabling.has(id)) return;
    disabling.add(id);
    try {
      await deps.gone({ id, orgId, version });
      await cache.refresh([id]);
    } catch (err) {
      // The next 410 brings us back here.
      logger.warn({ err, endpoint: id }, 'an endpoint that answers 410 could not be disabled');
    } finally {
      disabling.delete(id);
    }
  }

  return async ({ delivery, message }: Job): Promise<{ ok: boolean; durationMs: number } | null> => {
    const target = cache.get(delivery.endpoint_id);
    const outcome = untried(delivery, target);
    if (outcome || !target?.opened) {
      if (outcome) finish(outcome);
      return null;
    }
    const endpoint = { url: target.url, orgId: target.orgId, opened: target.opened };
    const attempt = await attemptOnce({ delivery, message, endpoint, signal: stopped() });
    if (attempt.isGone) void disable(target);
    if (attempt.retryAfterMs !== null) holds.hold(target.id, attempt.retryAfterMs);
    finish(classifyAttempt(delivery, attempt, { delaysMs, random: random() }));
    return { ok: attempt.succeeded, durationMs: attempt.durationMs };
  };
}
