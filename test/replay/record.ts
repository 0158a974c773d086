/**
 * Records the histories that the replay test holds the workflows to, from the product's real processes:
 *
 *   npx vitest run --config test/replay/record.config.ts
 *
 * Add a scenario when the workflow learns something new. Never record an old one anew to make the replay pass: a history
 * that fails stands for tickets that are open now, and wants `patched()`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { ChannelType } from '../../src/notifications/port.js';
import { noticeWorkflowId } from '../../src/temporal/workflow-ids.js';
import { openNotifications } from '../activities/notify-harness.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { sendReply, startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { historiesFolder, scrubbedJson } from '../support/histories.js';
import { startShortHistoryServer } from '../support/histories-server.js';
import { openProduct, webhookSecret, type ApiProcess, type Product } from '../support/product.js';
import { openNoticeWorkers, openNoticeWorkflows } from '../workflows/notice-harness.js';

let tracker: FakeTracker;
let short: { address: string; close: () => Promise<void> };
const opened: { product: Product; connection: Connection }[] = [];
beforeAll(async () => {
  [tracker, short] = await Promise.all([startFakeTracker({ secret: webhookSecret }), startShortHistoryServer(80)]);
  mkdirSync(historiesFolder, { recursive: true });
});
afterAll(async () => {
  for (const { product, connection } of opened) {
    await product.close();
    await connection.close();
  }
  await Promise.all([tracker.close(), short.close()]);
});

/** A product on the tracker, with one evidence request. */
async function open(temporalAddress = inject('temporalAddress')) {
  const product = openProduct({
    temporalAddress,
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, TICKET_WAIT_MS: '1500' },
  });
  const connection = await Connection.connect({ address: temporalAddress });
  opened.push({ product, connection });
  const [api] = await Promise.all([product.startApi(), product.startWorker()]);
  const org = await makeOrg(api.admin);
  const request = await makeEvidenceRequest(api.admin, org.path);
  const taskQueue = `lifecycles${String(product.env.TEMPORAL_QUEUE_SUFFIX)}`;
  return { api, client: new Client({ connection }), path: request.path, taskQueue };
}

async function workflowIdOf(api: ApiProcess, requestPath: string): Promise<string> {
  const { body } = await api.admin.get(`${requestPath}/ticket`);
  return (body.workflow as { id: string }).id;
}

/** Writes a run down, unless there is one of this name: committed histories stay as they are. */
async function record(client: Client, workflowId: string, name: string, runId?: string): Promise<void> {
  const file = path.join(historiesFolder, `${name}.json`);
  if (existsSync(file)) return;
  writeFileSync(file, scrubbedJson(await client.workflow.getHandle(workflowId, runId).fetchHistory()));
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
  const first = (await client.workflow.getHandle(workflowId).describe()).runId;
  const run = async () => (await client.workflow.getHandle(workflowId).describe()).runId;
  while ((await run()) === first) await api.admin.post(`${at}/comments`, { body: 'One more' });
  await record(client, workflowId, 'ticket-new-run', first);
  tracker.misbehave({ kind: 'status', status: 503, headers: { 'Retry-After': '600' } }, { event: 'ticket.comment' });
  const second = await run();
  await api.admin.post(`${at}/comments`, { body: 'Not taken' });
  const ring = () => client.workflow.getHandle(workflowId).signal('ring', {});
  while ((await run()) === second) await ring();
  await record(client, workflowId, 'ticket-new-run-during-a-retry', second);
  await eventually(
    async () => (await client.workflow.getHandle(workflowId).describe()).raw.pendingActivities?.[0]?.attempt ?? 0,
    (attempt) => attempt >= 2,
  );
  await record(client, workflowId, 'ticket-run-after-a-run');
});

const pendingOf = async (client: Client, workflowId: string) =>
  (await client.workflow.getHandle(workflowId).describe()).raw.pendingActivities ?? [];

it('notices of budget events: told, refused, healed, wanted by nobody, waiting, and cancelled', async () => {
  const world = await openNotifications();
  const { client, starter, close } = await openNoticeWorkers(world.activities);
  const start = async (...types: ChannelType[]) => {
    const { orgId } = await world.org(...types);
    const { _id: eventId } = await world.budgetEvent(orgId);
    expect(await starter.start({ orgId, eventId })).toBe(true);
    return client.workflow.getHandle(noticeWorkflowId(orgId, eventId));
  };
  const isWaiting = ({ workflowId }: { workflowId: string }) =>
    eventually(
      () => pendingOf(client, workflowId),
      (pending) => pending.length === 1 && pending[0]?.attempt === 2,
    );

  world.teams.misbehave({ kind: 'status', status: 400 });
  const told = await start('slack', 'webhook', 'teams', 'pagerduty');
  await told.result();
  await record(client, told.workflowId, 'notice-told-and-refused');

  const nobody = await start();
  await nobody.result();
  await record(client, nobody.workflowId, 'notice-wanted-by-nobody');

  world.slack.misbehave({ kind: 'status', status: 503 }, 2);
  const healed = await start('slack', 'webhook');
  await healed.result();
  await record(client, healed.workflowId, 'notice-channel-healed');

  world.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
  const waiting = await start('slack', 'webhook');
  await isWaiting(waiting);
  await record(client, waiting.workflowId, 'notice-waiting-for-a-channel');
  await waiting.cancel();
  await waiting.result().catch(() => undefined);
  await record(client, waiting.workflowId, 'notice-cancelled-during-a-retry');
  await close();
  await world.close();
});

it('a notice whose activity fails for good', async () => {
  const { client, notice, close } = await openNoticeWorkflows();
  const given = notice({ channelId: 'chn_1', channelType: 'slack' }, { channelId: 'chn_2', channelType: 'teams' });
  await given.start();
  (await given.next('chn_1')).fail(ApplicationFailure.nonRetryable('For good.', 'Final'));
  (await given.next('chn_2')).answer();
  await given.handle.result();
  await record(client, given.handle.workflowId, 'notice-channel-given-up');
  await close();
});
