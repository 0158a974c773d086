import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { databaseErrorKind, databaseErrorLabel } from '../src/db/errors.js';
import type { NotificationError } from '../src/notifications/port.js';
import type { ProviderError } from '../src/lib/provider-errors.js';

/** The stable types of what activities fail with; operators filter by them. */
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
 * A tracker that may heal: Temporal tries again after `delayMs`. Its history gets our words and the code; the tracker's
 * own words stay on the link.
 */
export function trackerUnavailable(error: ProviderError, what: string, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.trackerUnavailable,
    message: `The tracker did not take the ${what} (${error.code}). Next try in ${formatSeconds(delayMs)}; the link's last_error has its words.`,
    nextRetryDelay: delayMs,
  });
}

/** The tracker asked for time, or was given some, and it is not over. */
export function notYet(what: string, waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.trackerUnavailable,
    message: `The tracker is to be left alone for ${formatSeconds(waitMs)} more before it gets the ${what}.`,
    nextRetryDelay: waitMs,
  });
}

/** A channel that may heal: Temporal tries again after `delayMs`. The error's words are ours, whatever the service said. */
export function channelUnavailable({ code, message }: NotificationError, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.channelUnavailable,
    message: `${message} (${code}) Next try in ${formatSeconds(delayMs)}.`,
    nextRetryDelay: delayMs,
  });
}

/** The channel asked for time, or was given some, and it is not over. */
export function channelNotYet(waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.channelUnavailable,
    message: `The channel is to be left alone for ${formatSeconds(waitMs)} more.`,
    nextRetryDelay: waitMs,
  });
}

/** The try was cut short by this worker's end; another worker goes on at once. */
export function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.workerStopping,
    message: 'The worker stops; another one goes on.',
    nextRetryDelay: 100,
  });
}

/** This process has its share of the pumps, or a newer term has this one: nothing is wrong, and some worker takes it. */
export function pumpElsewhere(message: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.pumpElsewhere,
    message,
    category: ApplicationFailureCategory.BENIGN,
  });
}

export function linkNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'There is no such link: it was deleted from the database.',
    failureTypes.linkNotFound,
  );
}

export function eventNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'There is no such budget event: it was deleted from the database.',
    failureTypes.eventNotFound,
  );
}

export function escalationNotFound(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'There is no such escalation: it was deleted from the database.',
    failureTypes.escalationNotFound,
  );
}

/**
 * Anything that is not a failure of ours already: its class and code only, for its message may hold what others wrote.
 * - `StoreUnavailable`: MongoDB can't serve the call now. It is tried again after `storeRetryMs`: without that, a hiccup of
 *   MongoDB after many tries at a tracker would cost the longest delay of the retry policy.
 * - `StoreRejected`: MongoDB refused the call. No wait heals that, so it backs off and stays visible under a type of its own.
 */
export function asFailure(error: unknown, storeRetryMs: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const kind = databaseErrorKind(error);
  if (kind === 'unavailable') {
    return ApplicationFailure.create({
      nextRetryDelay: storeRetryMs,
      type: failureTypes.storeUnavailable,
      message: 'MongoDB did not answer as expected; tried again.',
    });
  }
  const name = error instanceof Error ? databaseErrorLabel(error) : typeof error;
  return ApplicationFailure.create(
    kind === null
      ? { type: failureTypes.unexpected, message: `An activity failed (${name}); the worker's log has more.` }
      : {
          type: failureTypes.storeRejected,
          message: `MongoDB refused a call of an activity (${name}); the worker's log has more.`,
        },
  );
}

function formatSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
