import { firstIdAt, timeOf } from '../lib/ids.js';

/** Finds the oldest of a stretch, oldest first: ids behind `after`, before `before`. */
export type FindBetween<T> = (stretch: { after: string; before: string }, max: number) => Promise<T[]>;

export interface OldestFirstOptions<T> {
  /** Of the ids that the list is sorted by. */
  prefix: string;
  idOf: (item: T) => string;
  /** From this time on, to that; in milliseconds. */
  sinceMs: number;
  untilMs: number;
  /** In one batch. */
  max: number;
}

const firstSpanMs = 1_000;

/**
 * All that a list holds of a time, in batches. In stretches of time that grow and shrink with what they hold: the embedded
 * stand-in reads all that the bounds of an index hold before it applies a limit.
 */
export async function* oldestFirst<T>(find: FindBetween<T>, options: OldestFirstOptions<T>): AsyncGenerator<T[]> {
  const { prefix, idOf, untilMs, max } = options;
  let fromMs = Math.max(0, options.sinceMs);
  let after = firstIdAt(prefix, fromMs);
  let spanMs = firstSpanMs;
  while (fromMs < untilMs) {
    const toMs = Math.min(fromMs + spanMs, untilMs);
    const before = firstIdAt(prefix, toMs);
    const found = await find({ after, before }, max);
    if (found.length > 0) yield found;
    const [first, last] = [found[0], found.at(-1)];
    if (found.length >= max && first !== undefined && last !== undefined) {
      // There is more behind it: on from here, by as long a stretch as these came from.
      after = idOf(last);
      fromMs = timeOf(after);
      spanMs = Math.max(1, fromMs - timeOf(idOf(first)));
    } else {
      [fromMs, after] = [toMs, before];
      if (found.length * 4 < max) spanMs *= 4;
    }
  }
}
