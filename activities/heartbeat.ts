import { heartbeat } from '@temporalio/activity';

/** Runs work with a heartbeat, so that a dead worker is noticed within seconds and a cancellation is heard. */
export async function heartbeating<T>(everyMs: number, work: () => Promise<T>): Promise<T> {
  let beats = 0;
  const timer = setInterval(() => heartbeat(++beats), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
