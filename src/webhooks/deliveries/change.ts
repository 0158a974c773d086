import { conflict } from '../../http/problem.js';
import type { DeliveryDoc } from './model.js';

export type DeliveryChange = Partial<
  Pick<DeliveryDoc, 'status' | 'failures' | 'trigger' | 'next_attempt_at' | 'epoch' | 'settled_at'>
>;

/** What may still be sent. */
export const unsettled = ['pending', 'retrying', 'parked'] as const satisfies readonly DeliveryDoc['status'][];

/**
 * Due at once, at the beginning of its schedule. A pump that has it claimed loses it: its attempt goes on record, what comes
 * of it does not count, and the one that is asked for here is made whatever that is.
 */
export const sentAgain = ({ attempts }: Pick<DeliveryDoc, 'attempts'>, at: Date): DeliveryChange => ({
  // One that was tried is not parked: whoever asks for it wants to see what comes of it.
  status: attempts > 0 ? 'retrying' : 'pending',
  failures: 0,
  trigger: 'manual',
  next_attempt_at: at,
  epoch: null,
  settled_at: null,
});

/** A pump that has it claimed loses it, as above. */
export const cancelled = (at: Date): DeliveryChange => ({
  status: 'cancelled',
  next_attempt_at: null,
  epoch: null,
  settled_at: at,
});

/** @throws Problem 409 `already_settled` */
export function cancelledIfUnsettled({ status }: Pick<DeliveryDoc, 'status'>, at: Date): DeliveryChange {
  if (unsettled.some((one) => one === status)) return cancelled(at);
  throw conflict('already_settled', `The delivery has ${status === 'cancelled' ? 'been ' : ''}${status}.`);
}

/** To be sent with all that an endpoint has missed: parked like new ones while its breaker is open. */
export const recovered = (at: Date): DeliveryChange => ({
  status: 'pending',
  failures: 0,
  trigger: 'recovery',
  next_attempt_at: at,
  epoch: null,
  settled_at: null,
});

/** Due at once, at the place in its schedule that it has reached. */
export const attemptedNow = (at: Date): DeliveryChange => ({ trigger: 'recovery', next_attempt_at: at });
