import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { startLoop, type Round, type StopLoop } from '../lib/loop.js';

export interface NamedRound {
  /** What is due, such as `escalations`; for the log. */
  name: string;
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
  const { everyMs } = timings.dispatch;
  const stops = rounds.map(({ name, round }) => {
    const onFailure = (err: unknown) =>
      logger.warn({ err, round: name }, 'The dispatcher failed at a round; it goes on trying');
    return startLoop({ everyMs, round, onFailure });
  });
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
