import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { held, sendReply } from '../support/fake-tracker.js';
import { webhookSecret, type RunningApi, type RunningPart } from '../support/product.js';
import { timingsEnv } from '../support/timings.js';
import { makeLinked, openTracked, threadOf } from './support/tracked.js';

// The sweep must not wake a workflow before these tests time out.
const tracked = await openTracked(timingsEnv({ sweep: { ...defaultTimings.sweep, graceMs: 60_000 } }));
const { product, tracker } = tracked;
// A worker starts in one of these: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let patient: RunningApi;
let hasty: RunningApi;
let hurried: RunningApi;
let worker: RunningPart;
let org: { id: string; path: string };

beforeAll(async () => {
  [patient, hasty, hurried, worker] = await Promise.all([
    product.startApi(),
    product.startApi({ env: { TICKET_WAIT_MS: '0' } }),
    product.startApi({ env: { TICKET_WAIT_MS: '500' } }),
    product.startWorker(),
  ]);
  org = await makeOrg(patient.admin);
});
afterAll(() => tracked.close());
beforeEach(() => tracker.always(null));

/** Less than the sweep's grace period. */
const soonMs = 25_000;
const synced = (path: string) =>
  eventually(
    async () => (await patient.admin.get(`${path}/ticket`)).body,
    (link) => link.sync_state === 'synced',
    soonMs,
  );
async function timed<T>(call: Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const start = Date.now();
  const answer = await call;
  return { answer, tookMs: Date.now() - start };
}

describe('a tracker that is slow', () => {
  it('keeps a caller for as long as TICKET_WAIT_MS says, and has the ticket soon after', async () => {
    const { habit, release } = held();
    tracker.misbehave(habit);
    const request = await makeEvidenceRequest(hurried.admin, org.path);
    const { answer, tookMs } = await timed(hurried.admin.post(`${request.path}/ticket`));
    expect(answer).toMatchObject({ status: 202, body: { sync_state: 'pending', external_id: null, state: 'open' } });
    expect(tookMs).toBeGreaterThanOrEqual(480);
    // Less than the timeout of the call to the tracker.
    expect(tookMs).toBeLessThan(10_000);
    release();
    expect(await synced(request.path)).toMatchObject({ id: answer.body.id });
  });

  it('keeps nobody when TICKET_WAIT_MS is 0, and everything is done at once all the same', async () => {
    const request = await makeEvidenceRequest(hasty.admin, org.path);
    const created = await hasty.admin.post(`${request.path}/ticket`);
    expect(created.status).toBe(202);
    await synced(request.path);
    const comment = await hasty.admin.post(`${request.path}/comments`, { body: 'Quick' });
    expect(comment).toMatchObject({ status: 201, body: { sync_state: 'pending', echo: null } });
    await eventually(
      async () => (await patient.admin.get(`${request.path}/comments`)).body.data[0]?.sync_state as string,
      (state) => state === 'synced',
      soonMs,
    );
  });

  it('keeps a signed reply no longer either: it is queued, and applied later', async () => {
    const { path, link } = await makeLinked(patient.admin, org.path);
    const { habit, release } = held();
    tracker.misbehave(habit, { event: 'ticket.comment' });
    const comment = await hurried.admin.post(`${path}/comments`, { body: 'Slow' });
    expect(comment.body.sync_state).toBe('pending');
    const reply = { external_id: link.external_id, status: 'accepted', event_id: 'q' };
    const queued = await sendReply(hurried.url, reply, { secret: webhookSecret });
    expect(queued).toMatchObject({ status: 202, body: { success: true, applied: 'queued' } });
    release();
    await eventually(
      async () => (await patient.admin.get(path)).body.status as string,
      (status) => status === 'accepted',
      soonMs,
    );
    const again = await sendReply(patient.url, reply, { secret: webhookSecret });
    expect(again.body).toMatchObject({ applied: { comment: false, status: false } });
  });
});

describe('without a worker', () => {
  it('calls are accepted and answered at once, and what they wrote arrives in order when one starts', async () => {
    const linked = await makeLinked(patient.admin, org.path);
    await worker.stop();
    // What is known of workers is kept for a second.
    await eventually(
      async () => (await patient.admin.get(`${org.path}/setup/readiness`)).body.ready as boolean,
      (ready) => !ready,
    );
    const request = await makeEvidenceRequest(patient.admin, org.path);
    // These would wait for twenty seconds if they waited.
    const created = await timed(patient.admin.post(`${request.path}/ticket`));
    expect(created.answer).toMatchObject({ status: 202, body: { sync_state: 'pending' } });
    const bodies = ['One', 'Two', 'Three'];
    const comments = [];
    for (const body of bodies) comments.push(await timed(patient.admin.post(`${request.path}/comments`, { body })));
    const closed = await timed(patient.admin.post(`${request.path}/ticket/close`));
    expect(closed.answer).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'pending' } });
    expect(comments.map(({ answer }) => [answer.status, answer.body.sync_state])).toEqual(
      Array(3).fill([201, 'pending']),
    );
    const reply = { external_id: linked.link.external_id, status: 'submitted' };
    const queued = await timed(sendReply(patient.url, reply, { secret: webhookSecret }));
    expect(queued.answer.status).toBe(202);
    for (const { tookMs } of [created, ...comments, closed, queued]) expect(tookMs).toBeLessThan(10_000);

    worker = await product.startWorker();
    await eventually(
      async () => (await patient.admin.get(`${request.path}/ticket`)).body,
      (link) => link.sync_state === 'synced' && link.external_id !== null,
    );
    const ticket = () => tracker.tickets().find(({ linkId }) => linkId === created.answer.body.id);
    await eventually(
      () => Promise.resolve(ticket()?.state),
      (state) => state === 'closed',
    );
    expect(ticket()?.comments.map(({ body }) => body)).toEqual(bodies);
    expect(await threadOf(patient.admin, request.path)).toEqual(bodies);
    await eventually(
      async () => (await patient.admin.get(linked.path)).body.status as string,
      (status) => status === 'submitted',
    );
  });
});
