import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import type { DueDelivery, Outcome } from './types.js';

/** One update that writes the same outcome for many deliveries. */
export interface OutcomeWrite {
  ids: string[];
  set: Partial<DeliveryDoc>;
  inc: { attempts?: 1; failures?: 1 };
}

/** Groups outcomes into as few updates as possible. @param at when they are written */
export function writesOf(outcomes: readonly Outcome[], at: Date): OutcomeWrite[] {
  const writes = new Map<string, OutcomeWrite>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const known = writes.get(key);
    if (known) known.ids.push(outcome.delivery._id);
    else writes.set(key, { ids: [outcome.delivery._id], ...writeOf(outcome, at) });
  }
  return [...writes.values()];
}

function keyOf(outcome: Outcome): string {
  if (outcome.kind === 'retry') return `retry/${outcome.delayMs}`;
  if (outcome.kind === 'put_off') return `put_off/${outcome.until.getTime()}`;
  return outcome.kind;
}

function writeOf(outcome: Outcome, at: Date): Omit<OutcomeWrite, 'ids'> {
  const settled = { next_attempt_at: null, epoch: null, settled_at: at };
  switch (outcome.kind) {
    case 'succeeded':
      return { set: { status: 'succeeded', ...settled }, inc: { attempts: 1 } };
    case 'failed':
      return { set: { status: 'failed', ...settled }, inc: { attempts: 1, failures: 1 } };
    case 'disabled':
      return { set: { status: 'failed', ...settled }, inc: { attempts: 1 } };
    case 'retry': {
      const next = new Date(at.getTime() + outcome.delayMs);
      // Whatever triggered this attempt, the schedule triggers the next one.
      const set = { status: 'retrying', trigger: 'automatic', next_attempt_at: next, epoch: null } as const;
      return { set, inc: { attempts: 1, failures: 1 } };
    }
    case 'interrupted':
      return { set: { next_attempt_at: at, epoch: null }, inc: { attempts: 1 } };
    case 'parked':
      return { set: { status: 'parked', next_attempt_at: null, epoch: null }, inc: {} };
    case 'cancelled':
      return { set: { status: 'cancelled', ...settled }, inc: {} };
    case 'put_off':
      return { set: { next_attempt_at: outcome.until, epoch: null }, inc: {} };
  }
}

/**
 * The attempt record of an outcome; null for none. A delivery that failed unsent because its endpoint is disabled gets
 * a record too, so that people see the reason.
 */
export function attemptDocOf(outcome: Outcome, at: Date): AttemptDoc | null {
  const { kind, delivery } = outcome;
  if (kind === 'disabled') return numbered(delivery, { at, ...unsent });
  if (!('attempt' in outcome)) return null;
  const { attempt } = outcome;
  return numbered(delivery, {
    at: attempt.at,
    response_code: attempt.responseCode,
    duration_ms: attempt.durationMs,
    error: attempt.error,
    response_body: attempt.responseBody,
  });
}

const unsent = {
  response_code: null,
  duration_ms: 0,
  error: 'It was not sent: the endpoint is disabled.',
  response_body: '',
} as const;

function numbered(
  { _id, attempts, trigger }: DueDelivery,
  fields: Omit<AttemptDoc, '_id' | 'delivery_id' | 'number' | 'trigger'>,
): AttemptDoc {
  const number = attempts + 1;
  return { _id: attemptId(_id, number), delivery_id: _id, number, trigger, ...fields };
}

/** An attempt's id is unique by delivery and number. */
export const attemptId = (deliveryId: string, number: number) => `${deliveryId}/${number}`;
