import type { Timings } from '../config/index.js';
import { startLoop, type Round, type StopLoop } from '../lib/loop.js';
import { mapConcurrent } from '../lib/map-concurrent.js';
import type { Logger } from '../observability/logger.js';

export interface NamedRound {
  /** What is due, such as `escalations`; for the log. */
  name: string;
  /** Between two rounds that find nothing due; `timings.dispatch.everyMs` when left out. */
  everyMs?: number;
  round: Round;
}

export interface DispatcherOptions {
  rounds: readonly NamedRound[];
  logger: Logger;
  timings: Pick<Timings, 'dispatch'>;
}

/**
 * Looks for what is due, and has it done. Each round is on its own: one that fails or waits holds up no other. Any
 * number of processes may do this at once.
 * @returns a function that stops it, after the rounds that are under way
 */
export function startDispatcher({ rounds, logger, timings }: DispatcherOptions): StopLoop {
  const stops = rounds.map(({ name, everyMs = timings.dispatch.everyMs, round }) => {
    const onFailure = (err: unknown) =>
      logger.warn({ err, round: name }, 'The dispatcher failed at a round; it goes on trying');
    return startLoop({ everyMs, round, onFailure });
  });
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Work of one kind that is due in MongoDB. */
export interface DueWork<Due, Leased> {
  /** Items read in a round. */
  max: number;
  /** The longest due first. */
  find: (max: number) => Promise<readonly Due[]>;
  /** Postpones an item, so that of two dispatchers one gets it. @returns null when it's no longer due */
  lease: (item: Due) => Promise<Leased | null>;
  /** Wakes the workflow that does the work. @returns false when Temporal did not accept the call */
  wake: (item: Leased) => Promise<boolean>;
}

const atOnce = 20;

/** One round of due work, as the dispatcher's rounds do it: the rest waits when Temporal does not accept a wake-up. */
export async function wakeDue<Due, Leased>(
  { max, find, lease, wake }: DueWork<Due, Leased>,
  { temporalDownMs }: Timings['dispatch'],
  signal: AbortSignal,
): Promise<number | undefined> {
  const due = await find(max);
  const isAccepted = await mapConcurrent(due, atOnce, async (item) => {
    if (signal.aborted) return true;
    const leased = await lease(item);
    return leased === null || wake(leased);
  });
  if (!isAccepted) return temporalDownMs;
  return due.length >= max ? 0 : undefined;
}
