import { heartbeat } from '@temporalio/activity';

/**
 * Runs work with heartbeats, so that Temporal notices a dead worker within seconds, and the activity notices its
 * cancellation.
 */
export async function heartbeating<T>(everyMs: number, work: () => Promise<T>): Promise<T> {
  let beats = 0;
  const timer = setInterval(() => heartbeat(++beats), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
