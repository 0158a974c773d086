import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

/** One try of an activity, which a test answers. */
export interface Try<Result> {
  /** Temporal's count of tries, from 1. */
  attempt: number;
  answer(result?: Partial<Result>): void;
  /** Fails as an outage does: tried again after `delayMs`. */
  failFor(delayMs: number): void;
  fail(failure: Error): void;
  /** Ends as a try that gave up because the workflow called it back. */
  obey(): void;
  /** Resolves when the workflow has called it back. */
  cancelled: Promise<void>;
}

/**
 * An activity as a script: every try waits until the test says what becomes of it.
 * @param usual what an answer says, unless the test says otherwise
 */
export function scriptedTries<Result extends object>(defaults: Result, outage: string) {
  const arrived = new Map<string, Try<Result>[]>();
  const awaited = new Map<string, ((one: Try<Result>) => void)[]>();
  const ends = new Set<(error: unknown) => void>();
  let isOver = false;
  const push = <T>(map: Map<string, T[]>, key: string, value: T) => map.set(key, [...(map.get(key) ?? []), value]);

  return {
    /** The body of the activity. @param key whose try it is */
    run: async (key: string): Promise<Result> => {
      if (isOver) throw testIsOver();
      const context = Context.current();
      const timer = setInterval(() => context.heartbeat(), 100);
      const cancelled = new Promise<void>((resolve) => void context.cancelled.catch(() => resolve()));
      let end!: (error: unknown) => void;
      try {
        return await new Promise<Result>((resolve, reject) => {
          end = reject;
          ends.add(end);
          const one: Try<Result> = {
            attempt: context.info.attempt,
            answer: (result = {}) => resolve({ ...defaults, ...result }),
            failFor: (nextRetryDelay) =>
              reject(ApplicationFailure.create({ type: outage, message: 'Down.', nextRetryDelay })),
            fail: reject,
            obey: () => reject(new CancelledFailure('Called back.')),
            cancelled,
          };
          const taker = awaited.get(key)?.shift();
          if (taker) taker(one);
          else push(arrived, key, one);
        });
      } finally {
        clearInterval(timer);
        ends.delete(end);
      }
    },

    /** The next try of this key, when it comes. */
    next: (key: string): Promise<Try<Result>> => {
      const [first, ...others] = arrived.get(key) ?? [];
      if (!first) return new Promise((take) => void push(awaited, key, take));
      arrived.set(key, others);
      return Promise.resolve(first);
    },

    /** How many tries of this key nobody has taken. */
    untaken: (key: string) => arrived.get(key)?.length ?? 0,

    /** Ends what no test has answered, and what comes later, so that the worker can stop. */
    endAll: (): void => {
      isOver = true;
      for (const end of ends) end(testIsOver());
    },
  };
}

const testIsOver = () => ApplicationFailure.nonRetryable('The test is over.');
