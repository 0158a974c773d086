import type { Context } from '@temporalio/activity';

/**
 * Aborts when this try is lost anyway: the worker stops, or Temporal has given the try up. Not when the workflow cancels
 * it: a call that is on its way is let through, so that its answer gets on record.
 */
export function stopSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  context.cancelled.catch(() => {
    if (context.cancellationDetails?.cancelRequested !== true) controller.abort();
  });
  return controller.signal;
}
