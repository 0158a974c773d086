// A queue elsewhere that resolves an escalation leaves the same history as a person who does.
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMongo } from '../../src/db/connect.js';
import type { EscalationDoc } from '../../src/escalations/model.js';
import { openPeople, type People } from '../e2e/support/escalations.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { startShortHistoryServer } from '../support/histories-server.js';
import { webhookSecret } from '../support/product.js';
import type { ApiProcess, ProductProcesses } from '../support/product-processes.js';
import { found, hourMs, openEscalationWorkflows, slack } from '../workflows/escalation-harness.js';
import { pendingOf, products, record, runOf } from './recording.js';

let people: People;
let tracker: FakeTracker;
let short: { address: string; close: () => Promise<void> };
beforeAll(async () => {
  [people, tracker, short] = await Promise.all([
    openPeople(),
    startFakeTracker({ secret: webhookSecret }),
    startShortHistoryServer(80),
  ]);
});
afterAll(async () => {
  await Promise.all([people.close(), tracker.close(), short.close()]);
});
const openOne = products();

const moments = ['created', 'claimed', 'overdue', 'resolved'];
const hasTicket = { ticket: { enabled: true }, on_resolve: 'close' };
const hasNone = { ticket: { enabled: false } };

/** An API without a worker, on an org whose escalations tell these channels. */
async function open(routing: object, types: string[], temporalAddress?: string) {
  const { product, client } = await openOne({
    ...(temporalAddress !== undefined && { temporalAddress }),
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, ...people.env },
  });
  const api = await product.startApi();
  const org = await makeOrg(api.admin);
  const channels = people.channels(moments).filter(({ type }) => types.includes(type));
  expect((await api.admin.put(`${org.path}/escalation-routing`, routing)).status).toBe(200);
  expect((await api.admin.put(`${org.path}/approvals`, { channels })).status).toBe(200);
  return { product, client, raise: (severity: string) => raise(api, client, org.path, severity) };
}

async function raise(api: ApiProcess, client: Client, orgPath: string, severity: string) {
  const { status, body } = await api.admin.post(`${orgPath}/escalations`, { title: 'Recorded', severity });
  expect(status).toBe(201);
  const workflowId = (body.workflow as { id: string }).id;
  const handle = client.workflow.getHandle(workflowId);
  // The call that raises does not wait for Temporal: there may be no workflow yet.
  const pending = () => pendingOf(client, workflowId).catch(() => null);
  const act = async (call: string, given?: object) => {
    const answer = await api.admin.post(`${orgPath}/escalations/${String(body.id)}/${call}`, given);
    expect(answer.status).toBe(200);
  };
  return {
    id: String(body.id),
    workflowId,
    handle,
    act,
    resolve: () => act('resolve', { resolution: 'denied' }),
    /** Until its workflow has nothing left to do but to wait. */
    rests: async (product: ProductProcesses): Promise<void> => {
      const connection = await connectMongo(product.env.MONGODB_URI ?? '', { maxPoolSize: 1 });
      await eventually(
        async () => {
          const one = await connection.collection<EscalationDoc>('escalations').findOne({ _id: String(body.id) });
          return one?.applied_seq === one?.last_seq && (await pending())?.length === 0;
        },
        (isDone) => isDone,
      );
      await connection.close();
    },
    waitsForAChannel: () =>
      eventually(
        async () => (await pending())?.map(({ activityType, attempt }) => `${activityType?.name}, try ${attempt}`),
        (tries) => tries?.join() === 'notifyChannel, try 2',
      ),
  };
}

it('an escalation with a ticket and channels: claimed, released, claimed, noted, resolved; and a note after its end', async () => {
  const { product, client, raise } = await open(
    { ...hasTicket, sla: { critical: { acknowledge_minutes: 30, resolve_minutes: 60 } } },
    ['slack', 'teams', 'pagerduty', 'webhook'],
  );
  await product.startWorker();
  const { handle, workflowId, act, resolve, rests } = await raise('critical');
  await rests(product);
  for (const [call, given] of [['claim'], ['release'], ['claim'], ['notes', { body: 'A note' }]] as const) {
    await act(call, given);
    await rests(product);
  }
  await record(client, workflowId, 'escalation-claimed-and-waiting');
  await resolve();
  await handle.result();
  await record(client, workflowId, 'escalation-whole-life');
  const { runId } = await handle.describe();
  await act('notes', { body: 'Afterwards' });
  await eventually(
    async () => (await handle.describe()).runId,
    (run) => run !== runId,
  );
  await handle.result();
  await record(client, workflowId, 'escalation-note-after-its-end');
});

it('escalations that happened while no worker was there: overdue by both clocks in time, or resolved already', async () => {
  const { product, client, raise } = await open(
    { ...hasTicket, sla: { high: { acknowledge_minutes: 1, resolve_minutes: 2 } } },
    ['slack'],
  );
  const [overdue, resolved] = [await raise('high'), await raise('low')];
  await resolved.act('claim');
  await resolved.resolve();
  const connection = await connectMongo(product.env.MONGODB_URI ?? '', { maxPoolSize: 1 });
  const dueIn = (ms: number) => new Date(Date.now() + ms);
  await connection
    .collection<EscalationDoc>('escalations')
    .updateOne(
      { _id: overdue.id },
      { $set: { 'terms.acknowledge_due_at': dueIn(15_000), 'terms.resolve_due_at': dueIn(18_000) } },
    );
  await connection.close();
  await product.startWorker();
  await resolved.rests(product);
  await resolved.handle.result();
  await record(client, resolved.workflowId, 'escalation-resolved-unseen');
  await eventually(
    async () => (await overdue.handle.fetchHistory()).events?.filter((event) => event.timerFiredEventAttributes).length,
    (fired) => fired === 2,
    40_000,
  );
  await overdue.rests(product);
  await record(client, overdue.workflowId, 'escalation-overdue');
});

it('escalations without a ticket whose channel heals, is down past the resolution, and is called back', async () => {
  const { product, client, raise } = await open(hasNone, ['slack']);
  await product.startWorker();
  people.slack.misbehave({ kind: 'status', status: 503 });
  const healed = await raise('high');
  await healed.rests(product);
  await healed.act('claim');
  await healed.resolve();
  await healed.handle.result();
  await record(client, healed.workflowId, 'escalation-channel-healed');

  people.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
  const waiting = await raise('high');
  await waiting.waitsForAChannel();
  await waiting.act('claim');
  await waiting.resolve();
  await eventually(
    () => client.workflow.count(`WorkflowId = '${waiting.workflowId}' AND LifecycleStatus = 'resolved'`),
    ({ count }) => count === 1,
  );
  await record(client, waiting.workflowId, 'escalation-waiting-for-a-channel');
  await waiting.handle.cancel();
  await waiting.handle.result().catch(() => undefined);
  await record(client, waiting.workflowId, 'escalation-cancelled-during-a-retry');
});

it('an escalation that goes over to a new run while a channel is down', async () => {
  const { product, client, raise } = await open(hasTicket, ['slack'], short.address);
  await product.startWorker();
  people.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
  const { workflowId, handle, waitsForAChannel } = await raise('high');
  await waitsForAChannel();
  const first = await runOf(client, workflowId);
  while ((await runOf(client, workflowId)) === first) await handle.signal('ring', {});
  await record(client, workflowId, 'escalation-new-run', first);
  await waitsForAChannel();
  await record(client, workflowId, 'escalation-run-after-a-run');
});

it('an escalation that goes over to a new run while its look fails', async () => {
  const workflows = await openEscalationWorkflows(short.address);
  const escalation = workflows.escalation();
  await escalation.wake();
  (await escalation.nextDrain()).answer(found({}, [slack]));
  (await escalation.notifying('chn_1')).failFor(hourMs);
  await escalation.wake();
  (await escalation.nextDrain()).failFor(hourMs);
  const { workflowId } = escalation.handle;
  const first = await runOf(workflows.client, workflowId);
  while ((await runOf(workflows.client, workflowId)) === first) await escalation.wake();
  await record(workflows.client, workflowId, 'escalation-new-run-during-a-look', first);
  await workflows.close();
});
