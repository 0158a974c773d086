import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { DrainResult } from '../../activities/tickets/index.js';

/** One try of the activity, which a test answers. */
export interface Drain {
  /** Temporal's count of tries, from 1. */
  attempt: number;
  answer(result?: Partial<DrainResult>): void;
  /** Fails as the tracker's outage does: tried again after `delayMs`. */
  failFor(delayMs: number): void;
  fail(failure: ApplicationFailure): void;
  /** Ends as a try that gave up because the workflow called it back. */
  obey(): void;
  /** Resolves when the workflow has called it back. */
  cancelled: Promise<void>;
}

const open: DrainResult = {
  appliedSeq: 1,
  held: false,
  more: false,
  lifecycle: 'open',
  provider: 'mock',
  externalId: 'T-1',
};

/** The ticket activities as a script: every try waits until the test says what becomes of it. */
export function scriptedDrains() {
  const arrived = new Map<string, Drain[]>();
  const awaited = new Map<string, ((drain: Drain) => void)[]>();
  const ends = new Set<(error: unknown) => void>();

  function hand(linkId: string, drain: Drain): void {
    const taker = awaited.get(linkId)?.shift();
    if (taker) taker(drain);
    else arrived.set(linkId, [...(arrived.get(linkId) ?? []), drain]);
  }

  async function drainTicket({ linkId }: { linkId: string }): Promise<DrainResult> {
    const context = Context.current();
    const timer = setInterval(() => context.heartbeat(), 100);
    const cancelled = new Promise<void>((resolve) => void context.cancelled.catch(() => resolve()));
    let end!: (error: unknown) => void;
    try {
      return await new Promise<DrainResult>((resolve, reject) => {
        end = reject;
        ends.add(end);
        hand(linkId, {
          attempt: context.info.attempt,
          answer: (result = {}) => resolve({ ...open, ...result }),
          failFor: (delayMs) =>
            reject(
              ApplicationFailure.create({ type: 'TrackerUnavailable', message: 'Down.', nextRetryDelay: delayMs }),
            ),
          fail: reject,
          obey: () => reject(new CancelledFailure('Called back.')),
          cancelled,
        });
      });
    } finally {
      clearInterval(timer);
      ends.delete(end);
    }
  }

  return {
    activities: { drainTicket },
    /** The next try for this link, when it comes. */
    next(linkId: string): Promise<Drain> {
      const [first, ...others] = arrived.get(linkId) ?? [];
      if (!first) return new Promise((take) => awaited.set(linkId, [...(awaited.get(linkId) ?? []), take]));
      arrived.set(linkId, others);
      return Promise.resolve(first);
    },
    /** How many tries of this link nobody has taken. */
    untaken: (linkId: string) => arrived.get(linkId)?.length ?? 0,
    /** Ends what no test has answered, so that the worker can stop. */
    endAll(): void {
      for (const end of ends) end(ApplicationFailure.nonRetryable('The test is over.'));
    },
  };
}
