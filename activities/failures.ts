import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { databaseErrorKind, databaseErrorLabel } from '../src/db/errors.js';
import type { NotificationError } from '../src/notifications/port.js';
import { TrackerUnreachable, type ProviderError } from '../src/lib/provider-errors.js';

/** The stable types of activity failures. Operators filter by them. */
export const failureTypes = {
  trackerUnavailable: 'TrackerUnavailable',
  channelUnavailable: 'ChannelUnavailable',
  workerStopping: 'WorkerStopping',
  linkNotFound: 'LinkNotFound',
  escalationNotFound: 'EscalationNotFound',
  eventNotFound: 'EventNotFound',
  pumpElsewhere: 'PumpElsewhere',
  storeUnavailable: 'StoreUnavailable',
  storeRejected: 'StoreRejected',
  unexpected: 'Unexpected',
} as const;

/**
 * A transient error of a tracker: Temporal retries after `delayMs`. The history gets our message and the code; the
 * tracker's message stays on the link.
 */
export function trackerUnavailable(error: ProviderError, what: string, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.trackerUnavailable,
    message: `${whyNot(error, what)} Next retry in ${formatSeconds(delayMs)}; the link's last_error has its message.`,
    nextRetryDelay: delayMs,
  });
}

function whyNot(error: ProviderError, what: string): string {
  if (!(error instanceof TrackerUnreachable)) return `The tracker did not accept the ${what} (${error.code}).`;
  return `The tracker has been unreachable since ${error.since.toISOString().slice(0, 19)}Z, so the ${what} waits.`;
}

/** The tracker asked for a pause, or a retry is not due yet. */
export function notYet(what: string, waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.trackerUnavailable,
    message: `The ${what} waits ${formatSeconds(waitMs)} before the next call of the tracker.`,
    nextRetryDelay: waitMs,
  });
}

/**
 * A transient error of a channel: Temporal retries after `delayMs`. The message is ours, whatever the service answered.
 */
export function channelUnavailable({ code, message }: NotificationError, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.channelUnavailable,
    message: `${message} (${code}) Next retry in ${formatSeconds(delayMs)}.`,
    nextRetryDelay: delayMs,
  });
}

/** The channel asked for a pause, or a retry is not due yet. */
export function channelNotYet(waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.channelUnavailable,
    message: `The channel must not be called for another ${formatSeconds(waitMs)}.`,
    nextRetryDelay: waitMs,
  });
}

/** The attempt was cut short because this worker is stopping. Another worker continues at once. */
export function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.workerStopping,
    message: 'The worker is stopping; another one continues.',
    nextRetryDelay: 100,
  });
}

/**
 * This process already runs its share of the pumps, or a newer term runs this one. That is normal; another worker takes
 * it.
 */
export function pumpElsewhere(message: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.pumpElsewhere,
    message,
    category: ApplicationFailureCategory.BENIGN,
  });
}

export function linkNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'The link does not exist: it was deleted from the database.',
    failureTypes.linkNotFound,
  );
}

export function eventNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'The budget event does not exist: it was deleted from the database.',
    failureTypes.eventNotFound,
  );
}

export function escalationNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'The escalation does not exist: it was deleted from the database.',
    failureTypes.escalationNotFound,
  );
}

/**
 * Converts any other error. Only its class and code are kept, because its message may contain foreign text.
 * - `StoreUnavailable`: MongoDB can't serve the call now. It is retried after `storeRetryMs`; otherwise a short outage
 * of MongoDB after many attempts at a tracker would cost the longest delay of the retry policy.
 * - `StoreRejected`: MongoDB refused the call. Waiting doesn't help, so it backs off and stays visible under a type of
 * its own.
 */
export function asFailure(error: unknown, storeRetryMs: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const kind = databaseErrorKind(error);
  if (kind === 'unavailable') {
    return ApplicationFailure.create({
      nextRetryDelay: storeRetryMs,
      type: failureTypes.storeUnavailable,
      message: 'MongoDB is unavailable; the activity is retried.',
    });
  }
  const name = error instanceof Error ? databaseErrorLabel(error) : typeof error;
  return ApplicationFailure.create(
    kind === null
      ? { type: failureTypes.unexpected, message: `An activity failed (${name}); the worker's log has the details.` }
      : {
          type: failureTypes.storeRejected,
          message: `MongoDB refused a call of an activity (${name}); the worker's log has the details.`,
        },
  );
}

function formatSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
