import { randomBytes } from 'node:crypto';
import type { ProviderError } from '../../src/lib/provider-errors.js';
import type { TicketProvider } from '../../src/integrations/port.js';
import type { TrackedTicket, TrackerComment, RemoteChange, TrackerSide } from '../../src/integrations/tracker-side.js';
import type { InboundScope } from '../../src/tickets/inbound/scope.js';
import { writesOf } from '../../src/tickets/inbound/from-remote-change.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { registryOf, scriptedTracker, type Drains } from './harness.js';

export const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second));

export const statuses = {
  todo: { id: '1', name: 'To Do', isDone: false },
  doing: { id: '2', name: 'In Progress', isDone: false },
  done: { id: '3', name: 'Done', isDone: true },
};
export type StatusName = keyof typeof statuses;

export const trackerComment = (id: string, body: string, more: Partial<TrackerComment> = {}): TrackerComment => ({
  externalCommentId: id,
  author: 'Grace',
  body,
  at: time(1),
  isEdited: false,
  ours: null,
  ...more,
});

/** A tracker with a dialect of its own, in memory: what it would say when it is asked, and how often it was. */
export function talkingTracker() {
  const scripted = scriptedTracker();
  const asked = { fetchTicket: 0, commentsSince: 0 };
  const failures: ProviderError[] = [];
  const state: { now: StatusName; at: Date; comments: TrackerComment[]; changed: TrackedTicket[]; since: Date[] } = {
    now: 'todo',
    at: time(0),
    comments: [],
    changed: [],
    since: [],
  };
  const failing = <T>(value: T): Promise<T> => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve(value);
  };
  const tracker: TrackerSide = {
    signatureHeader: 'x-hub-signature',
    read: () => null,
    async *changedSince(since) {
      state.since.push(since);
      await failing(null);
      for (const ticket of state.changed) yield ticket;
    },
    commentsSince: () => {
      asked.commentsSince += 1;
      return failing(state.comments);
    },
    fetchTicket: ({ externalId, externalRef }) => {
      asked.fetchTicket += 1;
      return failing({
        externalId: externalId ?? '',
        externalRef,
        status: statuses[state.now],
        updatedAt: state.at,
      });
    },
    check: () => Promise.resolve([]),
  };
  const provider: TicketProvider = {
    ...scripted.provider,
    tracker,
    comment: async (ticket, comment, options) => ({
      ...(await scripted.provider.comment(ticket, comment, options)),
      echo: null,
    }),
  };
  return {
    ...scripted,
    provider,
    providers: registryOf({ status: 'ready', provider }),
    asked,
    state,
    failAsking: (...next: ProviderError[]) => void failures.push(...next),
  };
}

export type TalkingTracker = ReturnType<typeof talkingTracker>;

export const scopeOf = (provider: TicketProvider, more: Partial<InboundScope> = {}): InboundScope => ({
  scope: 'env',
  name: 'mock',
  resolved: { status: 'ready', provider },
  webhookSecret: 'secret',
  settings: { onReopen: 'reopen' },
  statusMap: {},
  ...more,
});

/** News as a webhook brings them, accepted and drained. */
export function openTracked(drains: Drains, tracker: TalkingTracker, more: Partial<InboundScope> = {}) {
  const scope = scopeOf(tracker.provider, more);
  const drain = (link: LinkDoc, options: Parameters<Drains['drain']>[2] = {}) =>
    drains.drain(link, tracker, { ...options, providers: tracker.providers });
  const accept = async (link: LinkDoc, change: Partial<RemoteChange>) => {
    const full: RemoteChange = {
      ticket: { externalId: link.external_id, externalRef: link.external_ref },
      eventId: randomBytes(6).toString('hex'),
      occurredAt: null,
      status: null,
      comments: [],
      ...change,
    };
    for (const { payload, eventId } of writesOf(full, scope)) await drains.append(link, payload, eventId);
  };
  return {
    scope,
    drain,
    accept,
    async bring(link: LinkDoc, change: Partial<RemoteChange>) {
      await accept(link, change);
      await drain(link);
      return drains.reload(link);
    },
    status: (name: StatusName, second?: number): Partial<RemoteChange> => ({
      status: statuses[name],
      occurredAt: second === undefined ? null : time(second),
    }),
  };
}
