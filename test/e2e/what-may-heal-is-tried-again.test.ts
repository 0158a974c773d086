import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest } from '../support/factories.js';
import type { FakeRequest, Habit } from '../support/fake-tracker.js';
import { testTimings } from '../support/timings.js';
import { makeLinked, pick, useTracked, threadOf } from './support/tracked.js';

/** Shorter than two tries that fail take: calls answer `pending`. */
const running = useTracked({ TICKET_WAIT_MS: '500' });
const { firstMs } = testTimings.retries;
beforeEach(() => {
  running.tracker.always(null);
  running.tracker.dedupe = true;
});

const admin = () => running.api.admin;
const requestsOf = (linkId: string): FakeRequest[] =>
  running.tracker.requests().filter(({ event }) => event?.ticket.link_id === linkId);
const ticketsOf = (linkId: string) => running.tracker.tickets().filter((ticket) => ticket.linkId === linkId);
const linkOf = async (path: string) => (await admin().get(`${path}/ticket`)).body;
const synced = (path: string) =>
  eventually(
    () => linkOf(path),
    (link) => link.sync_state === 'synced',
    25_000,
  );
const gapsMs = (requests: FakeRequest[]) =>
  requests.slice(1).map(({ at }, n) => at.getTime() - pick(requests, n).at.getTime());

/** Each wait as long as asked for; and, on a busy machine, not by much longer. */
function expectWaits(requests: FakeRequest[], waitsMs: number[]) {
  const gaps = gapsMs(requests);
  expect(gaps).toHaveLength(waitsMs.length);
  gaps.forEach((gap, n) => {
    expect(gap).toBeGreaterThanOrEqual(pick(waitsMs, n) - 20);
    expect(gap).toBeLessThan(pick(waitsMs, n) + 10_000);
  });
}

async function create() {
  const request = await makeEvidenceRequest(admin(), running.org.path);
  const answer = await admin().post(`${request.path}/ticket`);
  return { ...request, answer, linkId: answer.body.id as string };
}

describe('a tracker that fails', () => {
  it('three times gets four tries with one id, each wait twice as long as the one before, and makes one ticket', async () => {
    running.tracker.dedupe = false;
    running.tracker.misbehave({ kind: 'status', status: 503 }, { times: 3 });
    const { path, answer, linkId } = await create();
    expect(answer).toMatchObject({ status: 202, body: { sync_state: 'pending', external_id: null, state: 'open' } });
    const link = await synced(path);
    expect(link).toMatchObject({ id: linkId, last_error: null, external_id: ticketsOf(linkId)[0]?.externalId });
    expect(requestsOf(linkId).map(({ outcome }) => outcome)).toEqual(['status', 'status', 'status', 'served']);
    expect(new Set(requestsOf(linkId).map(({ event }) => event?.id)).size).toBe(1);
    expect(new Set(requestsOf(linkId).map(({ rawBody }) => rawBody.toString())).size).toBe(1);
    expect(ticketsOf(linkId)).toHaveLength(1);
    expectWaits(requestsOf(linkId), [firstMs, 2 * firstMs, 4 * firstMs]);
  });

  it('and asks for two seconds is left alone for two seconds', async () => {
    running.tracker.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    const { path, answer, linkId } = await create();
    expect(answer.status).toBe(202);
    await synced(path);
    expectWaits(requestsOf(linkId), [2_000]);
  });

  it('and asks for no time is still given the first wait', async () => {
    running.tracker.misbehave({ kind: 'status', status: 503, headers: { 'retry-after': '0' } });
    const { path, linkId } = await create();
    await synced(path);
    expectWaits(requestsOf(linkId), [firstMs]);
  });

  it.each<[string, Habit]>([
    ['answers with a page of HTML and 200', { kind: 'html' }],
    ['says 408', { kind: 'status', status: 408 }],
    ['says 425', { kind: 'status', status: 425 }],
    ['says 500', { kind: 'status', status: 500 }],
    ['cuts the connection', { kind: 'reset' }],
    ['loses its answer after it stored the ticket', { kind: 'reset', store: true }],
  ])('because it %s is tried again, and has one ticket', async (_, habit) => {
    running.tracker.misbehave(habit);
    const { path, linkId } = await create();
    expect((await synced(path)).external_id).toBe(ticketsOf(linkId)[0]?.externalId);
    expect(requestsOf(linkId)).toHaveLength(2);
    expect(ticketsOf(linkId)).toHaveLength(1);
  });

  it('says why in the link while it is tried, and no longer when it has healed', async () => {
    running.tracker.always({ kind: 'status', status: 503, body: { message: 'Nightly backup' } });
    const { path, answer } = await create();
    expect(answer.status).toBe(202);
    await eventually(
      () => linkOf(path),
      ({ last_error }) => String(last_error).includes('Nightly backup'),
    );
    running.tracker.always(null);
    expect((await synced(path)).last_error).toBeNull();
  });
});

describe('a tracker that is down', () => {
  it('gets the ticket when it is back, and what was written meanwhile behind it, in order', async () => {
    await running.tracker.down();
    const { path, answer, linkId } = await create();
    expect(answer).toMatchObject({ status: 202, body: { sync_state: 'pending' } });
    const writes = [
      await admin().post(`${path}/comments`, { body: 'First' }),
      await admin().post(`${path}/comments`, { body: 'Second' }),
    ];
    expect(writes.map(({ status, body }) => [status, body.sync_state, body.external_comment_id])).toEqual([
      [201, 'pending', null],
      [201, 'pending', null],
    ]);
    const closing = await admin().post(`${path}/ticket/close`);
    expect(closing).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'pending' } });
    expect(running.tracker.tickets().filter((ticket) => ticket.linkId === linkId)).toHaveLength(0);

    await running.tracker.up();
    await eventually(
      () => Promise.resolve(ticketsOf(linkId)[0]?.state),
      (state) => state === 'closed',
      25_000,
    );
    await synced(path);
    expect(requestsOf(linkId).map(({ event }) => event?.comment?.body ?? event?.event)).toEqual([
      'ticket.create',
      'First',
      'Second',
      'ticket.close',
    ]);
    expect(await threadOf(admin(), path)).toEqual(['First', 'Second']);
  });

  it('gets a comment once, when it is back', async () => {
    const { path, link } = await makeLinked(admin(), running.org.path);
    await running.tracker.down();
    const comment = await admin().post(`${path}/comments`, { body: 'Patience' });
    expect(comment).toMatchObject({ status: 201, body: { sync_state: 'pending' } });
    await running.tracker.up();
    // The link stays `synced` until the first try has failed, so it says nothing about the comment.
    const thread = await eventually(
      () => admin().get(`${path}/comments`),
      ({ body }) => body.data[0]?.sync_state === 'synced',
      25_000,
    );
    expect(running.tracker.comments(link.external_id).map(({ body }) => body)).toEqual(['Patience']);
    expect(thread.body.data).toMatchObject([{ id: comment.body.id, sync_state: 'synced' }]);
    expect(thread.body.data[0].external_comment_id).toMatch(/^TRKC-/);
  });
});
