import { Gauge, type Registry } from 'prom-client';
import { remember } from './remembered.js';
import { readBacklog, type Backlog, type BacklogDeps } from './snapshot.js';

type Rows = readonly { labels: Record<string, string>; value: number }[];

/** A gauge of what MongoDB holds: its name, its help, its labels, and what they are worth. */
const gauges: { name: string; help: string; labelNames: string[]; rowsOf: (backlog: Backlog) => Rows }[] = [
  {
    name: 'drawbridge_oldest_due_seconds',
    help: 'For how long the oldest work has been due: ticket_command since it was accepted, delivery since its next try was due, notification since it was made. 0 when nothing is.',
    labelNames: ['work'],
    rowsOf: ({ oldestDue }) => Object.entries(oldestDue).map(([work, value]) => ({ labels: { work }, value })),
  },
  {
    name: 'drawbridge_ticket_links',
    help: 'Live links to tickets, by whether the tracker has what is wanted; each counted to 100,000.',
    labelNames: ['sync_state'],
    rowsOf: ({ links }) => links.map(({ count: value, ...labels }) => ({ labels, value })),
  },
  {
    name: 'drawbridge_deliveries_parked',
    help: 'Deliveries that wait for sick endpoints; counted to 100,000.',
    labelNames: [],
    rowsOf: ({ parked }) => [{ labels: {}, value: parked }],
  },
  {
    name: 'drawbridge_webhook_endpoints_sick',
    help: 'Webhook endpoints whose breaker is open.',
    labelNames: [],
    rowsOf: ({ endpoints }) => [{ labels: {}, value: endpoints.sick }],
  },
  {
    name: 'drawbridge_webhook_endpoints_disabled',
    help: 'Webhook endpoints that were disabled for a reason of ours: gone (410), failing (for days).',
    labelNames: ['reason'],
    rowsOf: ({ endpoints }) => endpoints.disabled.map(({ reason, count }) => ({ labels: { reason }, value: count })),
  },
  {
    name: 'drawbridge_escalations',
    help: 'Escalations that are not resolved.',
    labelNames: ['status', 'severity'],
    rowsOf: ({ escalations }) => escalations.open.map(({ count: value, ...labels }) => ({ labels, value })),
  },
  {
    name: 'drawbridge_escalations_overdue',
    help: 'Escalations that wait for longer than their SLA allows, by the clock that ran out.',
    labelNames: ['clock', 'severity'],
    rowsOf: ({ escalations }) => escalations.overdue.map(({ count: value, ...labels }) => ({ labels, value })),
  },
  {
    name: 'drawbridge_notifications_pending',
    help: 'Messages to chats and pagers that are still to be sent.',
    labelNames: [],
    rowsOf: ({ notificationsPending }) => [{ labels: {}, value: notificationsPending }],
  },
  {
    name: 'drawbridge_provider_breakers_open',
    help: 'Trackers (an org’s connection, or the environment’s) that are not called now: their credentials are refused, or they asked_to_wait.',
    labelNames: ['provider', 'reason'],
    rowsOf: ({ breakers }) => breakers.map(({ count: value, ...labels }) => ({ labels, value })),
  },
  {
    name: 'drawbridge_workers',
    help: 'Live workers, by the queue that they poll.',
    labelNames: ['queue'],
    rowsOf: ({ workers }) => workers.map(({ queue, count }) => ({ labels: { queue }, value: count })),
  },
];

/**
 * Registers what is read from MongoDB when somebody scrapes, at most every `backlogFreshMs`. Every API process gives the same, so it is to be
 * taken with `max`. While MongoDB does not answer, `drawbridge_database_up` is 0 and the others are not there.
 */
export function registerBacklog(registry: Registry, deps: BacklogDeps): void {
  const backlog = remember({ read: () => readBacklog(deps), freshMs: deps.timings.observability.backlogFreshMs });
  const registers = [registry];
  new Gauge({
    name: 'drawbridge_database_up',
    help: 'Whether MongoDB answered when it was last asked for these numbers.',
    registers,
    async collect() {
      this.set((await backlog()) === null ? 0 : 1);
    },
  });
  for (const { rowsOf, ...about } of gauges) {
    new Gauge({
      ...about,
      registers,
      async collect() {
        const found = await backlog();
        this.reset();
        // prom-client gives a gauge without labels a 0 from the beginning.
        this.remove({});
        for (const { labels, value } of found ? rowsOf(found) : []) this.set(labels, value);
      },
    });
  }
}
