import type { Context } from '@temporalio/activity';

/**
 * Aborts when this attempt is lost anyway: the worker stops, or Temporal has timed the attempt out. A cancellation by
 * the workflow doesn't abort: a call in flight is completed, so that its result is recorded.
 */
export function stopSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  context.cancelled.catch(() => {
    if (context.cancellationDetails?.cancelRequested !== true) controller.abort();
  });
  return controller.signal;
}
