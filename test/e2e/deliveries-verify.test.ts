import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';

let product: Product;
let api: RunningApi;
let orgPath: string;
const receivers: FakeReceiver[] = [];

beforeAll(async () => {
  product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE: '2s,2s' } });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  orgPath = (await makeOrg(api.admin)).path;
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await product.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

/** What a receiver has in its hands: the bytes, and the headers as they came. */
interface Delivery {
  body: string;
  headers: Record<string, string>;
}

/** An endpoint of one event type, which tells its receivers apart. */
async function subscribe(type: string) {
  const receiver = await startFakeReceiver(null);
  receivers.push(receiver);
  const made = await api.admin.post(`${orgPath}/webhooks`, { url: receiver.url, events: [type] });
  expect(made.status).toBe(201);
  const path = `${orgPath}/webhooks/${made.body.id}`;
  return {
    receiver,
    secret: String(made.body.secret),
    rotate: async (overlap?: number) => {
      const rotated = await api.admin.post(
        `${path}/rotate-secret`,
        overlap === undefined ? {} : { overlap_seconds: overlap },
      );
      expect(rotated.status).toBe(200);
      return { secret: String(rotated.body.secret), endsAt: Date.parse(String(rotated.body.previous_expires_at)) };
    },
    /** Publishes an event. @returns its posts, found by `webhook-id`, once there are `posts` of them */
    deliver: async (posts = 1): Promise<Delivery[]> => {
      const before = receiver.requests.length;
      // Text that is longer in bytes than in characters: both sides sign bytes.
      const sent = await api.admin.post(`${orgPath}/events`, {
        type,
        data: { note: 'Größe – 5 €, "$odd"', n: before },
      });
      expect(sent.status).toBe(202);
      const id = String(sent.body.events[0].id);
      const came = await eventually(
        () => Promise.resolve(receiver.requests.filter(({ headers }) => headers['webhook-id'] === id)),
        ({ length }) => length >= posts,
      );
      return came.map(({ rawBody, headers }) => ({
        body: rawBody.toString('utf8'),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      }));
    },
  };
}

const only = ([delivery]: Delivery[]): Delivery => {
  if (!delivery) throw new Error('Nothing came.');
  return delivery;
};
const verify = (secret: string, { body, headers }: Delivery) => new Webhook(secret).verify(body, headers);
const plain = (secret: string, { body }: Delivery) =>
  `sha256=${createHmac('sha256', secret).update(body, 'utf8').digest('hex')}`;
const withHeaders = ({ body, headers }: Delivery, change: Record<string, string>): Delivery => ({
  body,
  headers: { ...headers, ...change },
});

describe('a delivery', () => {
  it('verifies with the stock library, and with plain HMAC over the body', async () => {
    const { secret, deliver } = await subscribe('export.completed');
    const delivery = only(await deliver());
    expect(verify(secret, delivery)).toMatchObject({ type: 'export.completed', data: { note: 'Größe – 5 €, "$odd"' } });
    expect(delivery.headers['x-keeptrusts-signature']).toBe(plain(secret, delivery));
    expect(delivery.headers).not.toHaveProperty('x-keeptrusts-signature-previous');
  });

  it('does not verify with another body, id, time or secret', async () => {
    const { secret, deliver } = await subscribe('export.completed');
    const other = await subscribe('config.deployed');
    const delivery = only(await deliver());
    const { body, headers } = delivery;
    const seconds = Number(headers['webhook-timestamp']);
    const tampered = { body: body.replace('5 €', '9 €'), headers };
    expect(tampered.body).not.toBe(body);
    const changed = [
      tampered,
      { body: `${body} `, headers },
      withHeaders(delivery, { 'webhook-id': 'evt_another' }),
      ...[-1, 1, 60].map((by) => withHeaders(delivery, { 'webhook-timestamp': String(seconds + by) })),
    ];
    for (const one of changed) expect(() => verify(secret, one)).toThrow('No matching signature found');
    expect(() => verify(other.secret, delivery)).toThrow('No matching signature found');
    expect(headers['x-keeptrusts-signature']).not.toBe(plain(secret, tampered));
    expect(headers['x-keeptrusts-signature']).not.toBe(plain(other.secret, delivery));
  });

  it('does not verify when somebody sends it again minutes later', async () => {
    const { secret, deliver } = await subscribe('export.completed');
    const delivery = only(await deliver());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    expect(() => verify(secret, delivery)).toThrow('Message timestamp too old');
  });

  it('that is tried again has the same id and bytes and a time of its own, and verifies each time', async () => {
    const { receiver, secret, deliver } = await subscribe('budget.threshold_reached');
    receiver.misbehave({ kind: 'status', status: 503 });
    const [first, second] = await deliver(2);
    if (!first || !second) throw new Error('It was not tried again.');
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    const [earlier, later] = [first, second].map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(later).toBeGreaterThan(Number(earlier));
    for (const one of [first, second]) expect(verify(secret, one)).toMatchObject({ id: first.headers['webhook-id'] });
    // The signature is over the time as well: that of the first does not do for the second.
    const signature = { 'webhook-signature': String(first.headers['webhook-signature']) };
    expect(() => verify(secret, withHeaders(second, signature))).toThrow('No matching signature found');
  });
});

describe('while a rotation overlaps, a delivery', () => {
  it('verifies with the old and the new secret, and not with one that came before', async () => {
    const { secret: first, rotate, deliver } = await subscribe('gateway.health_changed');
    const { secret: second } = await rotate();
    const delivery = only(await deliver());
    for (const secret of [first, second])
      expect(verify(secret, delivery)).toMatchObject({ type: 'gateway.health_changed' });
    expect(delivery.headers['x-keeptrusts-signature']).toBe(plain(second, delivery));
    expect(delivery.headers['x-keeptrusts-signature-previous']).toBe(plain(first, delivery));

    const { secret: third } = await rotate();
    const later = only(await deliver());
    for (const secret of [second, third])
      expect(verify(secret, later)).toMatchObject({ type: 'gateway.health_changed' });
    expect(() => verify(first, later)).toThrow('No matching signature found');
    expect(later.headers['x-keeptrusts-signature']).toBe(plain(third, later));
    expect(later.headers['x-keeptrusts-signature-previous']).toBe(plain(second, later));
  });

  it('does not verify with the old secret when the overlap has ended', async () => {
    const { secret: old, rotate, deliver } = await subscribe('config.deployed');
    await deliver();
    const { secret, endsAt } = await rotate(2);
    await eventually(
      () => Promise.resolve(Date.now()),
      (now) => now > endsAt,
    );
    const delivery = only(await deliver());
    expect(verify(secret, delivery)).toMatchObject({ type: 'config.deployed' });
    expect(() => verify(old, delivery)).toThrow('No matching signature found');
    expect(delivery.headers['x-keeptrusts-signature']).toBe(plain(secret, delivery));
    expect(delivery.headers).not.toHaveProperty('x-keeptrusts-signature-previous');
  });

  it('verifies with the new secret alone when there is no overlap', async () => {
    const { secret: old, rotate, deliver } = await subscribe('event.created');
    await deliver();
    const { secret } = await rotate(0);
    const delivery = only(await deliver());
    expect(verify(secret, delivery)).toMatchObject({ type: 'event.created' });
    expect(() => verify(old, delivery)).toThrow('No matching signature found');
    expect(delivery.headers).not.toHaveProperty('x-keeptrusts-signature-previous');
  });
});
