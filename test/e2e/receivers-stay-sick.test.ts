import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { dataOf } from '../support/http.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { timingsEnv } from '../support/timings.js';
import { databaseOf } from './support/database.js';
import { receivingIn, type Receiving } from './support/receivers.js';
import { hasEnded, temporalClient } from './support/workflows.js';

const dayMs = 24 * 60 * 60_000;
/** Failed tries in a row, over a minute, after which the breaker opens: the second round of three deliveries. */
const opensAfter = 5;
const triesEach = 5;
const ago = (ms: number) => new Date(Date.now() - ms);

let api: RunningApi;
let org: { id: string; path: string };
const product: Product = openProduct({
  env: {
    EGRESS_ALLOW: '127.0.0.0/8',
    DELIVERY_RETRY_SCHEDULE: Array.from({ length: triesEach - 1 }, () => '1s').join(','),
    ...timingsEnv({ health: { opensAfter } }),
  },
});
const receiving = receivingIn(() => api);
const database = databaseOf(product);
const temporal = temporalClient();

beforeAll(async () => {
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(() => product.close());

const publish = async (type: string, count: number): Promise<string[]> => {
  const events = Array.from({ length: count }, (_, n) => ({ type, data: { n } }));
  const sent = await api.admin.post(`${org.path}/events`, { events });
  expect(sent.status).toBe(202);
  return (sent.body.events as { id: string }[]).map(({ id }) => id);
};
const idsOf = ({ receiver }: Receiving) => receiver.messages.map(({ id }) => id);
const untilReceived = (one: Receiving, ids: readonly string[]) =>
  eventually(
    () => Promise.resolve(ids.filter((id) => !idsOf(one).includes(id)).length),
    (missing) => missing === 0,
    25_000,
  );

const healthDocs = async () => (await database()).collection<HealthDoc>('webhook_health');

/** What takes minutes and days is made to have been so long: the record of it is set back, and nothing else. */
async function setBack({ id }: Receiving, change: Partial<HealthDoc>): Promise<void> {
  await (await healthDocs()).updateOne({ _id: id }, { $set: change });
}

const auditOf = async (id: string) =>
  (dataOf(await api.admin.get(`${org.path}/audit`)) as { action: string; subject: { id: string } }[]).filter(
    ({ subject }) => subject.id === id,
  );

const phaseOf = async (one: Receiving) => (await one.shown()).health.status;
const isPhase = (wanted: string) => (phase: unknown) => phase === wanted;

/** Until the endpoint's workflow has looked and waits for its next probe, which is then due. */
async function probe(one: Receiving, change: Partial<HealthDoc> = {}): Promise<void> {
  const docs = await healthDocs();
  await eventually(
    () => docs.findOne({ _id: one.id }),
    (doc) => Number(doc?.ring_after) > Number(doc?.next_probe_at),
    25_000,
  );
  await setBack(one, { ...change, next_probe_at: ago(1), ring_after: ago(1) });
}

/** An endpoint whose breaker has opened, and deliveries that were parked for it. */
async function fallSick(type: string) {
  const [sick, well] = [await receiving(org.path, type), await receiving(org.path, type)];
  sick.receiver.misbehave({ kind: 'status', status: 500, body: 'down' }, 10_000);
  const early = await publish(type, 3);
  await eventually(
    async () => (await sick.shown()).health.consecutive_failures,
    (count) => Number(count) >= 3,
  );
  // So many tries in a row over a minute: not before that minute, however many fail.
  await setBack(sick, { failing_since: ago(61_000) });
  await eventually(() => phaseOf(sick), isPhase('paused'), 25_000);
  const late = await publish(type, 5);
  const parked = await eventually(
    async () => (await sick.deliveries()).filter(({ status }) => status === 'parked'),
    ({ length }) => length === late.length,
  );
  return { sick, well, early, late, parked };
}

describe('a receiver that goes on failing', () => {
  it('has its breaker opened, is probed, disabled after days and on record; enabled again it gets what it missed', async () => {
    const beganAt = new Date().toISOString();
    const { sick, well, early, late, parked } = await fallSick('gateway.health_changed');
    const workflowId = endpointWorkflowId(org.id, sick.id);
    for (const { attempts, workflow, next_attempt_at } of parked)
      expect({ attempts, workflow, next_attempt_at }).toMatchObject({
        attempts: [],
        workflow: { id: workflowId },
        next_attempt_at: null,
      });
    await untilReceived(well, [...early, ...late]);

    await probe(sick);
    const probed = await eventually(
      () => sick.deliveries(),
      (all) => all.find(({ event_id }) => event_id === late[0])?.attempts.length === 1,
      25_000,
    );
    expect(probed.find(({ event_id }) => event_id === late[0])).toMatchObject({
      status: 'parked',
      attempts: [{ number: 1, trigger: 'automatic', response_code: 500, response_body: 'down' }],
    });
    // Those that it had tried before go on to the end of their schedule.
    const untried = late.slice(1);
    const tried = await eventually(
      () => sick.deliveries(),
      (all) => all.filter(({ status }) => status === 'failed').length === early.length,
      25_000,
    );
    expect(tried.filter(({ status }) => status === 'failed').map(({ attempts }) => attempts.length)).toEqual(
      early.map(() => triesEach),
    );
    const posts = sick.receiver.requests.length;
    expect(posts).toBe(triesEach * early.length + 1);

    await probe(sick, { failing_since: ago(5 * dayMs + 2_000) });
    await eventually(() => phaseOf(sick), isPhase('disabled'), 25_000);
    expect(await sick.shown()).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    // The audit entry is written after the endpoint is disabled.
    const entries = await eventually(
      async () => (await auditOf(sick.id)).filter(({ action }) => action === 'webhook.updated'),
      ({ length }) => length > 0,
    );
    expect(entries).toMatchObject([
      {
        actor: { id: 'drawbridge', via: 'drawbridge' },
        subject: { type: 'webhook', id: sick.id },
        changed: ['enabled'],
      },
    ]);
    const settled = await eventually(
      () => sick.deliveries(),
      (all) => all.every(({ status }) => status === 'failed'),
    );
    for (const { event_id, attempts } of settled) {
      if (!untried.includes(event_id)) continue;
      expect(attempts).toMatchObject([
        { response_code: null, error: 'The endpoint was disabled: nothing got through for days.' },
      ]);
    }
    expect(sick.receiver.requests).toHaveLength(posts + 1);
    await eventually(async () => hasEnded(await temporal(), workflowId), Boolean);

    const missed = await publish('gateway.health_changed', 2);
    await untilReceived(well, missed);
    sick.receiver.behave();
    expect((await api.admin.patch(sick.path, { enabled: true })).status).toBe(200);
    expect(await sick.post('/recover', { since: beganAt })).toMatchObject({ status: 202, body: { count: 10 } });
    await untilReceived(sick, [...early, ...late, ...missed]);
    await eventually(() => phaseOf(sick), isPhase('healthy'));
    for (const { receiver } of [sick, well]) expect(receiver.faults).toEqual([]);
  }, 150_000);

  it('and then heals is found by a probe, and gets what was parked, each once', async () => {
    const { sick, early, late } = await fallSick('budget.threshold_reached');
    await eventually(
      () => sick.deliveries(),
      (all) => all.filter(({ status }) => status === 'failed').length === early.length,
      25_000,
    );
    const posts = sick.receiver.requests.length;
    sick.receiver.behave();
    await probe(sick);
    await untilReceived(sick, late);
    await eventually(() => phaseOf(sick), isPhase('healthy'));
    expect(idsOf(sick)[0]).toBe(late[0]);
    expect(sick.receiver.requests).toHaveLength(posts + late.length);
    const all = await eventually(
      () => sick.deliveries(),
      (shown) => shown.filter(({ status }) => status === 'succeeded').length === late.length,
    );
    expect(all.filter(({ event_id }) => late.includes(event_id)).map(({ attempts }) => attempts.length)).toEqual(
      late.map(() => 1),
    );
    await eventually(async () => hasEnded(await temporal(), endpointWorkflowId(org.id, sick.id)), Boolean);
  }, 150_000);
});
