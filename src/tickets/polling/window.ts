import type { Timings } from '../../config/index.js';
import type { TrackedTicket } from '../../integrations/tracker-side.js';
import type { PollDoc } from './model.js';

export type PollWindow = ReturnType<typeof createWindow>;

/** What a poll looks at, and how far it got. Times are the tracker's. */
export function createWindow(
  { overlapMs, firstLookBackMs, settledAfterMs }: Timings['polls'],
  last: PollDoc | null,
  now: Date,
) {
  const before = (time: Date) => new Date(time.getTime() - overlapMs);
  const start = last?.watermark ?? new Date(now.getTime() - firstLookBackMs);
  const seenBefore = new Set(last?.seen);
  const seen = new Map<string, Date>();
  const since = last ? before(start) : start;
  let commentsSince = last?.comments_since ?? since;
  let watermark = start;

  /** Never into the future: a clock that runs ahead would hide what comes. */
  function pass({ updatedAt }: TrackedTicket): void {
    if (updatedAt > watermark && updatedAt <= now) watermark = updatedAt;
  }

  return {
    /** From when on changed tickets are asked for. */
    since,
    /** From when on their comments are: a ticket that changed just now may have one that an earlier poll did not get to. */
    get commentsSince() {
      return commentsSince;
    },
    /** Whether the last polls saw it just as it is now. */
    isSeen: (ticket: TrackedTicket): boolean => {
      const key = keyOf(ticket);
      if (!seenBefore.has(key)) return false;
      seen.set(key, ticket.updatedAt);
      return true;
    },
    pass,
    see(ticket: TrackedTicket): void {
      pass(ticket);
      if (now.getTime() - ticket.updatedAt.getTime() > settledAfterMs) seen.set(keyOf(ticket), ticket.updatedAt);
    },
    /** Everything that changed was seen. */
    complete(): void {
      commentsSince = before(watermark);
    },
    /** What is to be remembered. */
    reached(): Pick<PollDoc, 'watermark' | 'comments_since' | 'seen'> {
      const stillSeen = [...seen].filter(([, at]) => at >= before(watermark)).map(([key]) => key);
      return { watermark, comments_since: commentsSince, seen: stillSeen };
    },
  };
}

const keyOf = ({ externalRef, externalId, updatedAt }: TrackedTicket) =>
  `${externalRef ?? externalId}@${updatedAt.getTime()}`;
