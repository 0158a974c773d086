import { expect } from 'vitest';
import type { People, Shown } from '../../e2e/support/escalations.js';
import type { FakeService } from '../fake-service.js';
import type { FakeTracker } from '../fake-tracker.js';
import { dataOf } from '../http.js';
import { expectOnTracker } from './checks.js';
import type { ApiAccess } from '../product.js';

/** An org's escalations by their reasons, which the tests give them as names. @throws for two of one reason */
export async function escalationsByReason(api: ApiAccess, orgPath: string): Promise<Record<string, Shown>> {
  const all = dataOf(await api.admin.get(`${orgPath}/escalations?limit=200`)) as Shown[];
  const byReason = Object.fromEntries(all.map((one) => [String(one.reason), one]));
  if (Object.keys(byReason).length < all.length) throw new Error(`Doubled: ${all.map((one) => one.reason).join(', ')}`);
  return byReason;
}

/** The tracker itself has one ticket of this escalation, with these comments, each once and in this order. */
export async function expectOneTicket(
  tracker: FakeTracker,
  { api, path, id }: { api: ApiAccess; path: string; id: string },
  comments: unknown[],
): Promise<void> {
  const events = tracker.requests().flatMap(({ event }) => event ?? []);
  const linkIds = events.filter(({ ticket }) => ticket.metadata.subject_id === id).map(({ ticket }) => ticket.link_id);
  const tickets = tracker.tickets().filter(({ linkId }) => linkIds.includes(linkId));
  expect(tickets.map((ticket) => ticket.comments.map(({ body }) => body))).toEqual([comments]);
  await expectOnTracker(tracker, { id, path, api, linkId: '', externalId: '' });
}

/** What a channel was told of an escalation: how often each telling came, in the order of the first time. */
function tellings(channel: FakeService, id: string) {
  const served = channel.requests.filter(({ outcome, rawBody }) => outcome === 'served' && rawBody.includes(id));
  const times = new Map<string, number>();
  for (const { rawBody } of served) {
    const body = rawBody.toString('utf8');
    times.set(body, (times.get(body) ?? 0) + 1);
  }
  return { bodies: [...times.keys()].map((body) => JSON.parse(body)), times: [...times.values()] };
}

const actions = { created: 'trigger', claimed: 'acknowledge', overdue: 'trigger', resolved: 'resolve' } as const;
export type NotifiedMoment = keyof typeof actions;

/**
 * Each of the four channels was told of these moments, in this order. Repetitions are the same bytes, by which PagerDuty
 * and the webhook's receiver know them.
 * @returns how often anything was told once more than once, by channel
 */
export function expectNotified(people: People, id: string, moments: readonly NotifiedMoment[]): number[] {
  const { slack, teams, pager, receiver } = people;
  const notified = [slack, teams, pager, receiver].map((channel) => tellings(channel, id));
  expect(notified.map(({ times }) => times.length)).toEqual(notified.map(() => moments.length));
  expect(notified[2]?.bodies.map(({ event_action }) => event_action)).toEqual(moments.map((moment) => actions[moment]));
  expect(notified[3]?.bodies.map(({ type }) => type)).toEqual(moments.map((moment) => `escalation.${moment}`));
  expect(receiver.messages.filter(({ data }) => data.id === id)).toHaveLength(moments.length);
  expect(pager.incidents.filter(({ dedupKey }) => dedupKey === id)).toHaveLength(1);
  return notified.map(({ times }) => times.reduce((sum, count) => sum + count - 1, 0));
}
