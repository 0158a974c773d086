import { expect } from 'vitest';
import { eventually } from '../eventually.js';
import type { FakeTracker } from '../fake-tracker.js';
import { linkOf, threadOf, type Subject } from './tickets.js';

/** Waits until the tracker has all of a subject: the link and its thread say so. @returns how long it took, in ms */
export async function untilSynced(subject: Subject, withinMs = 40_000): Promise<number> {
  const startedAt = Date.now();
  await eventually(
    async () => [(await linkOf(subject)).sync_state, ...(await threadOf(subject)).map((comment) => comment.sync_state)],
    (states) => states.every((state) => state === 'synced'),
    withinMs,
  );
  return Date.now() - startedAt;
}

/** The bodies of what was said on our side, in the order of the thread. */
export async function commentsIn(subject: Subject): Promise<string[]> {
  return (await threadOf(subject)).filter(({ source }) => source === 'internal').map(({ body }) => body);
}

/** How often each event id of one link was posted, by event type. Repetitions are to be the same bytes. */
export function postsOf(tracker: FakeTracker, linkId: string): Record<string, number[]> {
  const counts = new Map<string, { event: string; body: string; times: number }>();
  for (const { event, rawBody } of tracker.requests()) {
    if (event?.ticket.link_id !== linkId) continue;
    const body = rawBody.toString('utf8');
    const known = counts.get(event.id);
    if (known) {
      expect(body).toBe(known.body);
      known.times += 1;
    } else counts.set(event.id, { event: event.event, body, times: 1 });
  }
  const byEvent: Record<string, number[]> = {};
  for (const { event, times } of counts.values()) (byEvent[event] ??= []).push(times);
  return byEvent;
}

/** The tracker itself has one ticket of this link, and each comment of the thread once, in the thread's order. */
export async function expectOnTracker(tracker: FakeTracker, subject: Subject): Promise<void> {
  const link = await linkOf(subject);
  const tickets = tracker.tickets().filter(({ linkId }) => linkId === link.id);
  expect(tickets.map(({ externalId }) => externalId)).toEqual([link.external_id]);
  expect(tickets[0]?.comments.map(({ body }) => body)).toEqual(await commentsIn(subject));
  expect(tickets[0]?.state).toBe(link.state);
}

/** The mock answers each comment once, right behind it. */
export async function expectEchoes(subject: Subject): Promise<void> {
  const thread = await threadOf(subject);
  const echoes = (await commentsIn(subject)).map((body) => expect.stringMatching(new RegExp(`: ${body}$`)) as string);
  const answers = thread.filter(({ external_comment_id }) => external_comment_id?.endsWith('-echo'));
  expect(answers.map(({ body }) => body)).toEqual(echoes);
  for (const answer of answers) expect(thread[thread.indexOf(answer) - 1]?.source).toBe('internal');
}
