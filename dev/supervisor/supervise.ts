import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../files.js';
import { describeExit, type Exit, type Running } from '../process/child.js';

export interface ServiceOptions {
  /** As people call it. */
  name: string;
  /** Starts it, and resolves when it is ready. Has to end what it began when the signal aborts. Called again after each death. */
  start: (signal: AbortSignal) => Promise<Running>;
  report: (line: string) => void;
  /** Between a death and the next start: the first wait, which doubles up to the longest, and how long a life resets it. */
  backoffMs?: { first: number; max: number; resetAfter: number };
}

export interface Supervised {
  /** How often it had to be started again. */
  restarts(): number;
  /** Undefined while it is down. */
  running(): Running | undefined;
  /** SIGTERM, SIGKILL after `graceMs`; resolves when it has ended and will not be started again. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a process and keeps it up until it is stopped.
 * @throws what the first start throws; later failures are reported, and tried again
 */
export async function supervise(options: ServiceOptions): Promise<Supervised> {
  const { name, report } = options;
  const backoffMs = options.backoffMs ?? { first: 500, max: 30_000, resetAfter: 60_000 };
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  let restarts = 0;
  let waitMs = backoffMs.first;
  let running: Running | undefined;

  const startAgain = async (): Promise<Running | undefined> => {
    for (;;) {
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isStopping()) return undefined;
      waitMs = Math.min(waitMs * 2, backoffMs.max);
      restarts += 1;
      try {
        const again = await options.start(stopping.signal);
        if (!isStopping()) report(`${name}: started again (process ${again.pid}).`);
        return again;
      } catch (error) {
        if (!isStopping()) report(`${name}: ${reasonOf(error)} Trying again in ${waitMs / 1000} s.`);
      }
    }
  };
  const keepUp = async (first: Running) => {
    for (let next: Running | undefined = first; next; next = await startAgain()) {
      running = next;
      const startedAt = Date.now();
      // It was being started while the stop came, which then had nothing to stop.
      const exit = await (isStopping() ? next.stop() : next.exited);
      running = undefined;
      if (isStopping()) return;
      if (Date.now() - startedAt > backoffMs.resetAfter) waitMs = backoffMs.first;
      report(obituary(name, next, exit, waitMs));
    }
  };
  const ended = keepUp(await options.start(stopping.signal));

  return {
    restarts: () => restarts,
    running: () => running,
    stop: async (graceMs) => {
      stopping.abort();
      await running?.stop(graceMs);
      await ended;
    },
  };
}

function obituary(name: string, child: Running, exit: Exit, waitMs: number): string {
  const tail = child.tail();
  const lines = tail ? ` Its last lines:\n${tail.replace(/^/gm, '    ')}` : '';
  return `${name}: process ${child.pid} ${describeExit(exit)}; starting it again in ${waitMs / 1000} s.${lines}`;
}
