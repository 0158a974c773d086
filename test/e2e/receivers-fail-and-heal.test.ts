import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { receivingIn, type Receiving, type ShownAttempt } from './support/receivers.js';

/** Long enough for a busy machine: the receivers answer in this process. */
const timeoutMs = 6_000;
const delaysMs = [1_000, 2_000, 1_000, 1_000] as const;
/** What a busy machine may be late by, besides. */
const lateMs = 10_000;

// Five attempts, one of which times out, take more than half of the default timeout.
vi.setConfig({ testTimeout: 90_000 });

let product: Product;
let api: RunningApi;
let orgPath: string;
const receiving = receivingIn(() => api);

beforeAll(async () => {
  product = openProduct({
    env: {
      EGRESS_ALLOW: '127.0.0.0/8',
      DELIVERY_TIMEOUT_MS: String(timeoutMs),
      DELIVERY_RETRY_SCHEDULE: delaysMs.map((ms) => `${ms / 1_000}s`).join(','),
    },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  orgPath = (await makeOrg(api.admin)).path;
});
afterAll(() => product.close());

async function publish(type: string, count = 1): Promise<string[]> {
  const events = Array.from({ length: count }, (_, n) => ({ type, data: { n } }));
  const sent = await api.admin.post(`${orgPath}/events`, { events });
  expect(sent.status).toBe(202);
  return (sent.body.events as { id: string }[]).map(({ id }) => id);
}

/** Until all of an endpoint's deliveries are in this state. @returns them, the oldest first */
const untilAll = (one: Receiving, status: string) =>
  eventually(
    () => one.deliveries(),
    (all) => all.length > 0 && all.every((delivery) => delivery.status === status),
    60_000,
  );

/** Each try came when its delay had passed since the end of the one before, 20 % more or less. */
function expectOnSchedule(attempts: readonly ShownAttempt[]): void {
  attempts.slice(1).forEach(({ at }, index) => {
    const before = attempts[index];
    const endedAt = Date.parse(before?.at ?? '') + (before?.duration_ms ?? 0);
    const waitedMs = Date.parse(at) - endedAt;
    const delayMs = delaysMs[index] ?? Infinity;
    // Durations are rounded.
    expect(waitedMs).toBeGreaterThanOrEqual(0.8 * delayMs - 1);
    expect(waitedMs).toBeLessThanOrEqual(1.2 * delayMs + lateMs);
  });
}

describe('a receiver', () => {
  it('that fails in each way and then heals gets the same message on schedule, every try on record', async () => {
    const one = await receiving(orgPath, 'export.completed');
    const { receiver } = one;
    receiver.misbehave({ kind: 'status', status: 500, body: `Oops: ${'ü'.repeat(10_000)}` });
    receiver.misbehave({ kind: 'hang' });
    receiver.misbehave({ kind: 'reset' });
    receiver.misbehave({ kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' });
    const [eventId] = await publish('export.completed');
    const [begun] = await untilAll(one, 'retrying');
    expect(begun?.attempts[0]).toMatchObject({ number: 1, response_code: 500 });
    expect(Date.parse(begun?.next_attempt_at ?? '')).toBeGreaterThan(Date.parse(begun?.attempts[0]?.at ?? ''));
    await eventually(
      () => one.shown(),
      ({ health }) => health.status === 'failing' && Number(health.consecutive_failures) >= 1,
    );

    const [healed] = await untilAll(one, 'succeeded');
    expect(healed).toMatchObject({ id: begun?.id, event_id: eventId, next_attempt_at: null });
    const attempts = healed?.attempts ?? [];
    expect(attempts).toMatchObject([
      { number: 1, response_code: 500, error: 'The receiver answered 500.' },
      { number: 2, response_code: null, response_body: '', error: 'There was no whole answer within 6 s.' },
      { number: 3, response_code: null, response_body: '', error: expect.stringMatching(/^The connection failed/) },
      { number: 4, response_code: 302, error: 'The receiver answered 302; redirects are not followed.' },
      { number: 5, response_code: 204, response_body: '', error: null },
    ]);
    expect(new Set(attempts.map(({ trigger }) => trigger))).toEqual(new Set(['automatic']));
    // 4 KiB of it as UTF-8, and no half character.
    expect(attempts[0]?.response_body).toBe(`Oops: ${'ü'.repeat(2_045)}`);
    expect(attempts[1]?.duration_ms).toBeGreaterThanOrEqual(timeoutMs - 1);
    expectOnSchedule(attempts);

    const posts = receiver.requests;
    expect(posts).toHaveLength(5);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
    expect(new Set(posts.map(({ headers }) => headers['x-keeptrusts-delivery']))).toEqual(new Set([healed?.id]));
    expect(new Set(posts.map(({ rawBody }) => rawBody.toString('base64'))).size).toBe(1);
    expect(posts.map(({ headers }) => Number(headers['webhook-timestamp']))).toEqual(
      attempts.map(({ at }) => Math.floor(Date.parse(at) / 1_000)),
    );
    expect(receiver.faults).toEqual([]);
    await eventually(
      () => one.shown(),
      ({ health }) => health.status === 'healthy' && health.consecutive_failures === 0,
    );
  });

  it('that heals in the middle of many events gets each of them, and who shares them is not kept waiting', async () => {
    const [one, well] = [await receiving(orgPath, 'event.created'), await receiving(orgPath, 'event.created')];
    one.receiver.misbehave({ kind: 'status', status: 503 }, 20);
    const ids = await publish('event.created', 20);
    for (const delivery of await untilAll(well, 'succeeded')) expect(delivery.attempts).toHaveLength(1);
    const healed = await untilAll(one, 'succeeded');
    expect(healed.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
    for (const { attempts } of healed) {
      const codes = attempts.map(({ response_code }) => response_code);
      expect(codes).toEqual([...codes.slice(1).map(() => 503), 204]);
      expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
      expectOnSchedule(attempts);
    }
    expect(one.receiver.requests).toHaveLength(40);
    expect(one.receiver.messages.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it('that heals after the end of the schedule gets what failed when somebody sends it again', async () => {
    const one = await receiving(orgPath, 'config.deployed');
    one.receiver.misbehave({ kind: 'status', status: 502, body: 'Bad gateway' }, 100);
    await publish('config.deployed');
    const [failed] = await untilAll(one, 'failed');
    expect(failed?.next_attempt_at).toBeNull();
    expect(failed?.attempts.map(({ response_code }) => response_code)).toEqual([502, 502, 502, 502, 502]);
    expectOnSchedule(failed?.attempts ?? []);

    one.receiver.behave();
    const resent = await one.post(`/deliveries/${failed?.id}/resend`);
    expect(resent.status).toBeLessThan(300);
    const [healed] = await untilAll(one, 'succeeded');
    expect(healed?.id).toBe(failed?.id);
    expect(healed?.attempts[5]).toMatchObject({ number: 6, trigger: 'manual', response_code: 204, error: null });
    const ids = one.receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array.from({ length: 6 }, () => failed?.event_id));
    expect(one.receiver.faults).toEqual([]);
  });
});
