import type { TicketProvider } from '../port.js';
import type { TrackerSide } from '../tracker-side.js';
import type { Breaker } from './breaker.js';

/** The provider with a breaker before each of its calls; a test of it (`check`) always goes through. */
export function guardProvider(provider: TicketProvider, breaker: Breaker): TicketProvider {
  const { tracker } = provider;
  return {
    name: provider.name,
    create: (draft, options) => breaker.run(() => provider.create(draft, options), options.signal),
    comment: (ticket, comment, options) =>
      breaker.run(() => provider.comment(ticket, comment, options), options.signal),
    close: (ticket, options) => breaker.run(() => provider.close(ticket, options), options.signal),
    ...(tracker && { tracker: guardTracker(tracker, breaker) }),
    dispose: async () => provider.dispose?.(),
  };
}

function guardTracker(tracker: TrackerSide, breaker: Breaker): TrackerSide {
  return {
    signatureHeader: tracker.signatureHeader,
    read: (body, header) => tracker.read(body, header),
    async *changedSince(since, options) {
      const changed = tracker.changedSince(since, options)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await breaker.run(() => changed.next(), options.signal);
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await changed.return?.();
      }
    },
    commentsSince: (ticket, since, options) =>
      breaker.run(() => tracker.commentsSince(ticket, since, options), options.signal),
    fetchTicket: (ticket, options) => breaker.run(() => tracker.fetchTicket(ticket, options), options.signal),
    check: (options) => tracker.check(options),
  };
}
