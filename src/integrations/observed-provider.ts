import type { ProviderName, TicketProvider } from './port.js';
import type { TrackerSide } from './tracker-side.js';

/** One call of a provider, for metrics and traces: names of ours and ids. */
export interface ProviderCall {
  provider: ProviderName;
  operation: 'create' | 'comment' | 'close' | 'poll' | 'comments' | 'look';
  orgId?: string;
  linkId?: string;
  /** Whether it may have been made before. */
  repeated?: boolean;
}

/** Runs each call of a provider, and notes what came of it. */
export type ObserveCall = <T>(call: ProviderCall, run: () => Promise<T>) => Promise<T>;

/** The provider, with each of its calls observed. To be put behind the breaker: what that answers is no call. */
export function observeProvider(provider: TicketProvider, observe: ObserveCall): TicketProvider {
  const { name, tracker } = provider;
  return {
    name,
    create: (draft, options) => {
      const { orgId, linkId } = draft;
      const call = { provider: name, operation: 'create', orgId, linkId, repeated: options.repeated } as const;
      return observe(call, () => provider.create(draft, options));
    },
    comment: (ticket, comment, options) => {
      const { orgId, linkId } = ticket;
      const call = { provider: name, operation: 'comment', orgId, linkId, repeated: options.repeated } as const;
      return observe(call, () => provider.comment(ticket, comment, options));
    },
    close: (ticket, options) => {
      const { orgId, linkId } = ticket;
      const call = { provider: name, operation: 'close', orgId, linkId, repeated: options.repeated } as const;
      return observe(call, () => provider.close(ticket, options));
    },
    ...(tracker && { tracker: observeTracker(name, tracker, observe) }),
    dispose: async () => provider.dispose?.(),
  };
}

function observeTracker(provider: ProviderName, tracker: TrackerSide, observe: ObserveCall): TrackerSide {
  return {
    signatureHeader: tracker.signatureHeader,
    read: (body, header) => tracker.read(body, header),
    async *changedSince(since, options) {
      const changed = tracker.changedSince(since, options)[Symbol.asyncIterator]();
      try {
        // The first one asks; those behind it mostly came with it.
        let next = await observe({ provider, operation: 'poll' }, () => changed.next());
        for (; next.done !== true; next = await changed.next()) yield next.value;
      } finally {
        await changed.return?.();
      }
    },
    commentsSince: (ticket, since, options) =>
      observe({ provider, operation: 'comments' }, () => tracker.commentsSince(ticket, since, options)),
    fetchTicket: (ticket, options) =>
      observe({ provider, operation: 'look' }, () => tracker.fetchTicket(ticket, options)),
    check: (options) => tracker.check(options),
  };
}
