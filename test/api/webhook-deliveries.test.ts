import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/lib/ids.js';
import { createDeliveryList } from '../../src/webhooks/deliveries/list.js';
import { deliveryStatuses, type DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import { attemptId } from '../../src/webhooks/pump/outcome-writes.js';
import {
  deliveriesOf,
  deliveriesOnce,
  faultsOf,
  startDeliveriesApp,
  uiUrl,
  type DeliveriesApp,
  type DeliverySetup,
} from './webhook-deliveries-harness.js';

let app: DeliveriesApp;
let setup: DeliverySetup;
beforeAll(async () => {
  app = await startDeliveriesApp();
  setup = await app.newSetup();
});
afterAll(() => app.close());

const types = ['event.created', 'config.deployed', 'export.completed'] as const;

/** Sixty deliveries of all statuses and ages, the newest event first. */
async function mixed(endpointId: string): Promise<DeliveryDoc[]> {
  const docs: DeliveryDoc[] = [];
  for (let n = 0; n < 60; n++) {
    const age = [n, n * 90_000, n * 11 * 3_600_000][n % 3] ?? 0;
    const status = deliveryStatuses[n % 6] ?? 'pending';
    docs.push(await setup.insert(endpointId, { status, event_type: types[n % 5] ?? types[0] }, minutesAgo(5, age)));
  }
  return docs.sort((a, b) => (a.event_id < b.event_id ? 1 : -1));
}

const minutesAgo = (minutes: number, more = 0) => new Date(Date.now() - minutes * 60_000 - more);

/** All pages of a list. */
async function walk(path: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await setup.key.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${from}`);
    expect(answer.status).toBe(200);
    expect(deliveriesOf(answer).length).toBeLessThanOrEqual(limit);
    ids.push(...deliveriesOf(answer).map(({ id }) => id));
    cursor = answer.body.next_cursor as string | null;
  }
  return ids;
}

it('lists the newest event first, page by page, as status, type and time narrow it', async () => {
  const { at, id } = await setup.make();
  const other = await setup.make();
  const docs = await mixed(id);
  await setup.insert(other.id);
  const path = `${at}/deliveries`;
  const idsWhere = (isWanted: (doc: DeliveryDoc) => boolean) => docs.filter(isWanted).map(({ _id }) => _id);
  for (const limit of [7, 60, 200]) expect(await walk(path, limit)).toEqual(idsWhere(() => true));
  for (const status of deliveryStatuses) {
    expect(await walk(`${path}?status=${status}`, 3)).toEqual(idsWhere((doc) => doc.status === status));
  }
  for (const type of types) {
    expect(await walk(`${path}?event_type=${type}`, 4)).toEqual(idsWhere((doc) => doc.event_type === type));
  }
  for (const since of [minutesAgo(30), minutesAgo(60 * 24 * 3), minutesAgo(1)]) {
    const recent = idsWhere((doc) => doc.created_at >= since);
    expect(await walk(`${path}?since=${since.toISOString()}`, 9)).toEqual(recent);
    const both = idsWhere((doc) => doc.created_at >= since && doc.status === 'failed');
    expect(await walk(`${path}?status=failed&since=${since.toISOString()}`, 2)).toEqual(both);
  }
  // What has come since the first look is found too.
  const newest = await setup.insert(id, { status: 'pending' });
  expect((await walk(path, 200))[0]).toBe(newest._id);
});

it('looks for a rare type in parts that lead on, and finds all of it', async () => {
  const { id } = await setup.make();
  const docs = await mixed(id);
  const list = createDeliveryList({
    deliveries: app.deliveries,
    lastTriedAt: () => Promise.resolve(null),
    maxRead: 7,
  });
  const found: string[] = [];
  let pages = 0;
  for (let cursor: string | undefined, isMore = true; isMore; pages++) {
    const { data, next_cursor } = await list(id, { limit: 2, cursor, event_type: 'export.completed' });
    found.push(...data.map(({ _id }) => _id));
    cursor = next_cursor ?? undefined;
    isMore = next_cursor !== null;
    expect(pages).toBeLessThan(30);
  }
  expect(found).toEqual(docs.filter(({ event_type }) => event_type === 'export.completed').map(({ _id }) => _id));
  expect(found).toHaveLength(12);
  expect(pages).toBeGreaterThan(6);
});

it('refuses what is no status, type, time or cursor', async () => {
  const { at } = await setup.make();
  for (const [query, path] of [
    ['status=done', 'status'],
    ['event_type=nothing', 'event_type'],
    ['since=yesterday', 'since'],
    ['cursor=bm9uc2Vuc2U', 'cursor'],
    ['limit=201', 'limit'],
    ['q=x', 'q'],
  ]) {
    const answer = await setup.key.get(`${at}/deliveries?${String(query)}`);
    expect([query, answer.status, faultsOf(answer)]).toEqual([query, 422, [path]]);
  }
});

it('shows each attempt in its order, and what is sent, exactly', async () => {
  const setup = await app.newSetup();
  const { at } = await setup.make();
  setup.receiver.misbehave({ kind: 'status', status: 500, body: { no: 'thanks' } });
  const [eventId] = await setup.publish();
  app.startPump();
  const [failed] = await deliveriesOnce(setup, at, ([one]) => one?.status === 'retrying');
  const due = new Date(failed?.next_attempt_at ?? 0).getTime() - Date.now();
  expect(due).toBeGreaterThan(40_000);
  expect(due).toBeLessThan(80_000);
  await app.deliveries.updateOne({ _id: failed?.id ?? '' }, { $set: { next_attempt_at: new Date() } });
  const [listed] = await deliveriesOnce(setup, at, ([one]) => one?.status === 'succeeded');
  const attempt = { trigger: 'automatic', at: expect.any(String) as string, duration_ms: expect.any(Number) as number };
  expect(listed).toEqual({
    id: failed?.id,
    event_id: eventId,
    event_type: 'event.created',
    status: 'succeeded',
    attempts: [
      {
        ...attempt,
        number: 1,
        response_code: 500,
        error: 'The receiver answered 500.',
        response_body: '{"no":"thanks"}',
      },
      { ...attempt, number: 2, response_code: 204, error: null, response_body: '' },
    ],
    next_attempt_at: null,
    workflow: null,
    created_at: expect.any(String) as string,
  });
  const shown = await setup.key.get(`${at}/deliveries/${String(listed?.id)}`);
  expect(shown.status).toBe(200);
  const [sent] = setup.receiver.requests.filter(({ headers }) => headers['webhook-id'] === eventId);
  expect(shown.body).toEqual({ ...listed, payload: sent?.json });
  expect(JSON.stringify(shown.body.payload)).toBe(sent?.rawBody.toString('utf8'));
});

it('says of what is being sent that it is due now, and of what is parked who probes', async () => {
  const { at, id } = await setup.make();
  const voidAt = new Date(Date.now() + 60_000);
  const longAgo = minutesAgo(9);
  const docs = {
    claimed: await setup.insert(id, { status: 'failed', epoch: 3, next_attempt_at: voidAt }),
    forsaken: await setup.insert(id, { status: 'failed', epoch: 3, next_attempt_at: longAgo }),
    later: await setup.insert(id, { status: 'retrying', next_attempt_at: voidAt }),
    parked: await setup.insert(id, { status: 'parked' }),
  };
  const before = Date.now();
  const shown = async (doc: DeliveryDoc) => (await setup.key.get(`${at}/deliveries/${doc._id}`)).body;
  const now = new Date((await shown(docs.claimed)).next_attempt_at as string).getTime();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
  expect(await shown(docs.forsaken)).toMatchObject({ next_attempt_at: longAgo.toISOString() });
  expect(await shown(docs.later)).toMatchObject({ next_attempt_at: voidAt.toISOString(), workflow: null });
  const workflow = `endpoint/${setup.org}/${id}`;
  expect(await shown(docs.parked)).toMatchObject({
    next_attempt_at: null,
    workflow: { id: workflow, url: `${uiUrl}/namespaces/default/workflows/${encodeURIComponent(workflow)}` },
  });
});

it('shows a delivery without its payload when retention has dropped that', async () => {
  const { at, id } = await setup.make();
  const { _id } = await setup.insert(id, { event_id: newId('evt') });
  const one = { number: 1, at: new Date(), trigger: 'automatic', response_code: 200, duration_ms: 1 } as const;
  await app.attempts.create({ _id: attemptId(_id, 1), delivery_id: _id, ...one, error: null, response_body: 'ok' });
  const { status, body } = await setup.key.get(`${at}/deliveries/${_id}`);
  expect([status, body.payload, body.attempts]).toEqual([
    200,
    null,
    [{ ...one, at: one.at.toISOString(), error: null, response_body: 'ok' }],
  ]);
  const again = await setup.key.post(`${at}/deliveries/${_id}/resend`);
  expect([again.status, again.body.code]).toEqual([409, 'payload_dropped']);
  expect((await app.deliveries.findById(_id).lean())?.status).toBe('succeeded');
});

it('finds a delivery under its own endpoint only, and none of an endpoint that is gone', async () => {
  const [mine, other] = [await setup.make(), await setup.make()];
  const { _id } = await setup.insert(mine.id);
  expect((await setup.key.get(`${other.at}/deliveries/${_id}`)).status).toBe(404);
  expect((await setup.key.post(`${other.at}/deliveries/${_id}/resend`)).status).toBe(404);
  expect((await setup.key.post(`${other.at}/deliveries/${_id}/cancel`)).status).toBe(404);
  await setup.key.del(mine.at);
  for (const path of ['deliveries', `deliveries/${_id}`]) {
    expect((await setup.key.get(`${mine.at}/${path}`)).status).toBe(404);
  }
});
