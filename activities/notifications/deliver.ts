import { isDatabaseUnavailable } from '../../src/db/errors.js';
import type { NotificationDoc, NotificationStatus } from '../../src/notifications/approvals/outbox/model.js';
import { notificationOf } from '../../src/notifications/approvals/outbox/payload.js';
import { NotificationError } from '../../src/notifications/port.js';
import { retryDelayMs } from '../../src/tickets/retry.js';
import { channelNotYet, channelUnavailable, workerStopping } from '../failures.js';
import type { DeliveryTry } from './context.js';
import type { Recipient, NotifyResult } from '../../workflows/contracts/notifications.js';

/** Two clocks may disagree by this much about the end of a wait. */
const toleranceMs = 100;
/** A notification that could not be sent in this time is out of date. An older one still gets one attempt. */
const freshForMs = 24 * 60 * 60 * 1000;

/**
 * Sends the pending notifications of one channel in the order of `seq`, until none is left.
 * A crash between a send and its record sends the notification again. Webhook receivers recognise it by its id and
 * PagerDuty by its key; both derive from the outbox. Slack and Teams have no such key, and may show it twice.
 */
export async function deliverAll(run: DeliveryTry, recipient: Recipient): Promise<NotifyResult> {
  const counts: NotifyResult = { sent: 0, failed: 0, gone: 0 };
  for (;;) {
    if (run.signal.aborted) throw workerStopping();
    if (run.isCalledBack()) return counts;
    const due = await run.outbox.next(recipient);
    if (!due) return counts;
    counts[await deliver(run, recipient, due)] += 1;
  }
}

async function deliver(
  run: DeliveryTry,
  recipient: Recipient,
  due: NotificationDoc,
): Promise<Exclude<NotificationStatus, 'pending'>> {
  const tooEarlyMs = (due.next_try_at?.getTime() ?? 0) - Date.now();
  if (tooEarlyMs > toleranceMs) throw channelNotYet(tooEarlyMs);
  await run.atPoint?.('before_send', due);
  const startedAt = performance.now();
  const result = await send(run, due);
  const outcome = result instanceof NotificationError ? (result.retryable ? 'retry' : 'failed') : result;
  run.metrics?.notified({ channel: due.channel_type, outcome, seconds: (performance.now() - startedAt) / 1_000 });
  await run.atPoint?.('after_send', due);
  if (!(result instanceof NotificationError)) {
    await run.outbox.settle(due, result);
    return result;
  }
  if (!result.retryable) return giveUp(run, due, result);
  const tries = due.tries + 1;
  const delayMs = withSpread(retryDelayMs(run.timings.retries, tries, result.retryAfterMs));
  const nextTryAt = new Date(Date.now() + delayMs);
  if (Date.now() - due.created_at.getTime() > freshForMs) {
    await giveUp(run, due, result);
    // Later notifications must respect the channel's requested pause too.
    await run.outbox.holdBack(recipient, nextTryAt);
    return 'failed';
  }
  await run.outbox.postpone(due, { tries, error: result.message, nextTryAt });
  throw channelUnavailable(result, delayMs);
}

/** @returns the result; an unexpected error counts as a transient error of the channel */
async function send(run: DeliveryTry, due: NotificationDoc): Promise<'sent' | 'gone' | NotificationError> {
  try {
    return await run.notifier.send(due.org_id, due.channel_id, notificationOf(due.payload), { signal: run.signal });
  } catch (error) {
    if (run.signal.aborted) throw workerStopping();
    if (error instanceof NotificationError) return error;
    if (isDatabaseUnavailable(error)) throw error;
    // A notification that cannot be rendered must not block later ones, so it fails like any other.
    run.logger.error({ err: error, ...idsOf(due) }, 'A notification could not be rendered');
    return new NotificationError(
      'unexpected',
      "The notification could not be rendered; the worker's log has the details.",
      true,
    );
  }
}

async function giveUp(run: DeliveryTry, due: NotificationDoc, error: NotificationError): Promise<'failed'> {
  await run.outbox.settle(due, 'failed', error.message);
  run.logger.warn({ ...idsOf(due), code: error.code, tries: due.tries + 1 }, 'A channel was not notified');
  return 'failed';
}

const idsOf = (due: NotificationDoc) => ({
  org: due.org_id,
  channel: due.channel_id,
  subject: due.subject_id,
  moment: due.moment,
});

const maxSpreadMs = 30_000;

/** Adds jitter. Otherwise a hundred concurrent escalations would all hit the same chat's rate limit again together. */
const withSpread = (delayMs: number) => Math.ceil(delayMs + Math.random() * Math.min(maxSpreadMs, delayMs / 4));
