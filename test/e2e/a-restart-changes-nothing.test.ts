import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { sendReply } from '../support/fake-tracker.js';
import { webhookSecret } from '../support/product.js';
import type { ApiProcess, Process } from '../support/product-processes.js';
import { makeLinked, openTrackedProcesses, threadOf } from './support/tracked.js';
import { temporalClient } from './support/workflows.js';

const tracked = await openTrackedProcesses({ TICKET_WAIT_MS: '3000' });
const { product, tracker } = tracked;
const temporal = temporalClient();
let api: ApiProcess;
let worker: Process;
let org: { id: string; path: string };

/** Three processes start in each of these: more than a busy machine does in the usual time. */
vi.setConfig({ testTimeout: 90_000 });

const start = async () => {
  [api, worker] = await Promise.all([product.startApi(), product.startWorker()]);
};
const stop = async () => expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
beforeAll(async () => {
  await start();
  org = await makeOrg(api.admin);
});
afterAll(() => tracked.close());

const runOf = async (workflowId: string) => {
  const { runId, status } = await (await temporal()).workflow.getHandle(workflowId).describe();
  return { runId, status: status.name };
};
const commentsOf = (linkId: string) =>
  tracker
    .requests()
    .filter(({ event, outcome }) => event?.ticket.link_id === linkId && outcome === 'served')
    .map(({ event }) => event?.comment?.body ?? event?.event);
const finalComments = async (linkId: string, all: string[]) => {
  await eventually(
    () => Promise.resolve(commentsOf(linkId)),
    (sent) => sent.length >= all.length,
  );
  expect(commentsOf(linkId)).toEqual(all);
};

describe('after API and worker were stopped and started', () => {
  it('everything goes on, in the same workflows: open, closed, pending and waiting', async () => {
    const { admin } = api;
    const open = await makeLinked(admin, org.path);
    await admin.post(`${open.path}/comments`, { body: 'Before' });
    const closed = await makeLinked(admin, org.path);
    await admin.post(`${closed.path}/ticket/close`);
    await finalComments(closed.link.id, ['ticket.create', 'ticket.close']);
    await finalComments(open.link.id, ['ticket.create', 'Before']);
    await tracker.down();
    const pending = await makeEvidenceRequest(admin, org.path);
    const asked = await admin.post(`${pending.path}/ticket`);
    expect(asked.status).toBe(202);
    await admin.post(`${pending.path}/comments`, { body: 'Waits' });
    const before = await Promise.all([open, closed].map(({ link }) => runOf(link.workflow.id)));
    expect(before.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING']);

    await stop();
    await tracker.up();
    await start();

    const synced = await eventually(
      async () => (await api.admin.get(`${pending.path}/ticket`)).body,
      (link) => link.sync_state === 'synced',
      25_000,
    );
    expect(synced.id).toBe(asked.body.id);
    expect((await api.admin.post(`${open.path}/comments`, { body: 'After' })).status).toBe(201);
    expect((await api.admin.post(`${closed.path}/comments`, { body: 'Late' })).status).toBe(201);
    const reply = { external_id: closed.link.external_id, comment: { external_comment_id: 'r', body: 'Thanks' } };
    expect((await sendReply(api.url, reply, { secret: webhookSecret })).status).toBeLessThan(300);

    await finalComments(open.link.id, ['ticket.create', 'Before', 'After']);
    await finalComments(closed.link.id, ['ticket.create', 'ticket.close', 'Late']);
    await finalComments(synced.id as string, ['ticket.create', 'Waits']);
    await eventually(
      () => threadOf(api.admin, closed.path),
      (thread) => thread.join() === 'Late,Thanks',
    );
    expect((await api.admin.get(`${closed.path}/ticket`)).body).toMatchObject({ state: 'closed' });
    expect(await Promise.all([open, closed].map(({ link }) => runOf(link.workflow.id)))).toEqual(before);
  });

  it('a call that was under way when they stopped is carried out once', async () => {
    const { path, link } = await makeLinked(api.admin, org.path);
    tracker.misbehave({ kind: 'delay', ms: 1_500 }, { event: 'ticket.comment' });
    const saying = api.admin.post(`${path}/comments`, { body: 'Under way' });
    await eventually(
      () => Promise.resolve(tracker.requests().at(-1)?.event),
      (event) => event?.ticket.link_id === link.id && event.event === 'ticket.comment',
    );
    await stop();
    expect((await saying).status).toBe(201);
    await start();
    await eventually(
      async () => (await api.admin.get(`${path}/comments`)).body.data[0]?.sync_state as string,
      (state) => state === 'synced',
      25_000,
    );
    expect(tracker.comments(link.external_id).map(({ body }) => body)).toEqual(['Under way']);
  });
});
