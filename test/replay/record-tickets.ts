import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { sendReply, startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { startShortHistoryServer } from '../support/histories-server.js';
import { webhookSecret } from '../support/product.js';
import type { ApiProcess } from '../support/product-processes.js';
import { pendingOf, products, record, runOf } from './recording.js';

let tracker: FakeTracker;
let short: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  [tracker, short] = await Promise.all([startFakeTracker({ secret: webhookSecret }), startShortHistoryServer(80)]);
});
afterAll(async () => {
  await Promise.all([tracker.close(), short.close()]);
});
const openOne = products();

/** A product on the tracker, with one evidence request. */
async function open(temporalAddress?: string) {
  const { product, client } = await openOne({
    ...(temporalAddress !== undefined && { temporalAddress }),
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, TICKET_WAIT_MS: '1500' },
  });
  const [api] = await Promise.all([product.startApi(), product.startWorker()]);
  const org = await makeOrg(api.admin);
  const request = await makeEvidenceRequest(api.admin, org.path);
  const taskQueue = `lifecycles${String(product.env.TEMPORAL_QUEUE_SUFFIX)}`;
  return { api, client, path: request.path, taskQueue };
}

async function workflowIdOf(api: ApiProcess, requestPath: string): Promise<string> {
  const { body } = await api.admin.get(`${requestPath}/ticket`);
  return (body.workflow as { id: string }).id;
}

it('a ticket that is created, commented on, replied to, closed and unlinked', async () => {
  const { api, client, path: at } = await open();
  const created = await api.admin.post(`${at}/ticket`);
  const workflowId = await workflowIdOf(api, at);
  await api.admin.post(`${at}/comments`, { body: 'A comment' });
  const reply = { external_id: String(created.body.external_id), status: 'submitted' };
  await sendReply(
    api.url,
    { ...reply, comment: { external_comment_id: 'r1', body: 'A reply' } },
    { secret: webhookSecret },
  );
  await api.admin.post(`${at}/ticket/close`);
  await record(client, workflowId, 'ticket-closed-and-waiting');
  await api.admin.post(`${at}/comments`, { body: 'A late comment' });
  await api.admin.del(`${at}/ticket`);
  await client.workflow.getHandle(workflowId).result();
  await record(client, workflowId, 'ticket-whole-life');
});

it('a tracker that fails, then heals', async () => {
  const { api, client, path: at } = await open();
  tracker.misbehave({ kind: 'status', status: 503 }, { times: 2 });
  await api.admin.post(`${at}/ticket`);
  const workflowId = await workflowIdOf(api, at);
  await eventually(
    () => api.admin.get(`${at}/ticket`),
    ({ body }) => body.sync_state === 'synced',
  );
  tracker.misbehave({ kind: 'reset', store: true }, { event: 'ticket.comment' });
  await api.admin.post(`${at}/comments`, { body: 'Its answer is lost' });
  await eventually(
    () => api.admin.get(`${at}/comments`),
    ({ body }) => (body.data as { sync_state: string }[]).every((one) => one.sync_state === 'synced'),
  );
  await record(client, workflowId, 'ticket-tracker-healed');
});

it('a refused ticket that is asked for again', async () => {
  const { api, client, path: at } = await open();
  tracker.misbehave({ kind: 'status', status: 400 });
  expect((await api.admin.post(`${at}/ticket`)).status).toBe(502);
  await api.admin.post(`${at}/comments`, { body: 'Held behind it' });
  expect((await api.admin.post(`${at}/ticket`)).status).toBe(201);
  const workflowId = await workflowIdOf(api, at);
  await record(client, workflowId, 'ticket-refused-then-taken');
});

it('a ticket that is unlinked while its tracker is down', async () => {
  const { api, client, path: at } = await open();
  tracker.misbehave({ kind: 'status', status: 503, headers: { 'Retry-After': '600' } });
  expect((await api.admin.post(`${at}/ticket`)).status).toBe(202);
  const workflowId = await workflowIdOf(api, at);
  await api.admin.post(`${at}/comments`, { body: 'Never sent' });
  await record(client, workflowId, 'ticket-waiting-for-its-tracker');
  await api.admin.del(`${at}/ticket`);
  await client.workflow.getHandle(workflowId).result();
  await record(client, workflowId, 'ticket-unlinked-during-a-retry');
});

it('a closed ticket that nobody writes to any more', async () => {
  const { api, client, path: at, taskQueue } = await open();
  await api.admin.post(`${at}/ticket`);
  await api.admin.post(`${at}/ticket/close`);
  const workflowId = await workflowIdOf(api, at);
  const first = client.workflow.getHandle(workflowId);
  const { events } = await first.fetchHistory();
  const input: unknown = JSON.parse(
    Buffer.from(events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data ?? []).toString(),
  );
  await first.terminate('Recorded again with a shorter wait.');
  // As the sweep would start it, but for the week that the product gives it.
  const again = await client.workflow.start('ticket', {
    workflowId,
    taskQueue,
    args: [{ ...(input as object), lingerMs: 300 }],
  });
  await again.result();
  await record(client, workflowId, 'ticket-closed-to-its-end');
});

it('a ticket that goes over to a new run, by its length and by that of its tracker’s outage', async () => {
  const { api, client, path: at } = await open(short.address);
  await api.admin.post(`${at}/ticket`);
  const workflowId = await workflowIdOf(api, at);
  const first = await runOf(client, workflowId);
  const run = () => runOf(client, workflowId);
  while ((await run()) === first) await api.admin.post(`${at}/comments`, { body: 'One more' });
  await record(client, workflowId, 'ticket-new-run', first);
  tracker.misbehave({ kind: 'status', status: 503, headers: { 'Retry-After': '600' } }, { event: 'ticket.comment' });
  const second = await run();
  await api.admin.post(`${at}/comments`, { body: 'Not taken' });
  const wake = () => client.workflow.getHandle(workflowId).signal('ring', {});
  while ((await run()) === second) await wake();
  await record(client, workflowId, 'ticket-new-run-during-a-retry', second);
  await eventually(
    async () => (await pendingOf(client, workflowId))[0]?.attempt ?? 0,
    (attempt) => attempt >= 2,
  );
  await record(client, workflowId, 'ticket-run-after-a-run');
});
