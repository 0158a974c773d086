import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../files.js';
import { describeExit, type Running } from '../process/child.js';

const pollMs = 50;

/**
 * Asks a process that was just started until it answers. One that does not in time is killed.
 * @param what its name, for the error
 * @param probe throws while it is not ready; each try should give up within a second or two
 * @returns what the probe returned
 * @throws Error with the end of the process's own log: when it ended, or at the deadline; or the signal's reason
 */
export async function untilReady<T>(
  what: string,
  child: Running,
  probe: () => Promise<T>,
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  const ended = child.exited.then((exit) => ({ exit }));
  for (;;) {
    const outcome = await Promise.race([ended, attempt(probe)]);
    if ('value' in outcome) return outcome.value;
    if ('exit' in outcome)
      throw new Error(withTail(`${what} ${describeExit(outcome.exit)} before it was ready.`, child));
    if (signal?.aborted || Date.now() > deadline) {
      await child.kill();
      signal?.throwIfAborted();
      const seconds = Math.round(deadlineMs / 1000);
      throw new Error(withTail(`${what} was not ready within ${seconds} s (${reasonOf(outcome.error)}).`, child));
    }
    await delay(pollMs);
  }
}

async function attempt<T>(probe: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await probe() };
  } catch (error) {
    return { error };
  }
}

function withTail(message: string, child: Running): string {
  const tail = child.tail();
  return tail ? `${message} Its last lines:\n${tail.replace(/^/gm, '    ')}` : message;
}
