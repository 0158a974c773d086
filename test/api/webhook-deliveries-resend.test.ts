import { afterAll, beforeAll, expect, it } from 'vitest';
import { cancelledIfUnsettled } from '../../src/webhooks/deliveries/change.js';
import { createHistory } from '../../src/webhooks/deliveries/history.js';
import type { DeliveryDoc, DeliveryStatus } from '../../src/webhooks/deliveries/model.js';
import { eventually } from '../support/eventually.js';
import { held } from '../support/fake-tracker.js';
import { deliveriesOnce, startDeliveriesApp } from './webhook-deliveries-harness.js';
import type { DeliveriesApp, DeliverySetup } from './webhook-deliveries-harness.js';

let app: DeliveriesApp;
beforeAll(async () => {
  app = await startDeliveriesApp();
  app.startPump();
});
afterAll(() => app.close());

/** An endpoint with one delivery, once the pump has done this with it. */
async function delivered(setup: DeliverySetup, status: DeliveryStatus) {
  const endpoint = await setup.make();
  await setup.publish();
  const [one] = await deliveriesOnce(setup, endpoint.at, ([first]) => first?.status === status);
  return { ...endpoint, delivery: String(one?.id), item: `${endpoint.at}/deliveries/${String(one?.id)}` };
}

const received = ({ receiver }: DeliverySetup) => receiver.requests.map(({ headers }) => headers['webhook-id']);
const triggers = (attempts: { trigger: string; response_code: number | null }[]) =>
  attempts.map(({ trigger, response_code }) => [trigger, response_code]);

it('sends again what succeeded: the same delivery, the same message, one attempt more', async () => {
  const setup = await app.newSetup();
  const { at, item } = await delivered(setup, 'succeeded');
  const { status, body } = await setup.key.post(`${item}/resend`);
  expect([status, body.status]).toEqual([200, 'retrying']);
  expect(Date.now() - new Date(body.next_attempt_at as string).getTime()).toBeLessThan(5_000);
  const [again] = await deliveriesOnce(setup, at, ([one]) => one?.attempts.length === 2 && one.status === 'succeeded');
  expect(triggers(again?.attempts ?? [])).toEqual([
    ['automatic', 204],
    ['manual', 204],
  ]);
  const [first, second] = setup.receiver.requests;
  expect(second?.rawBody.toString()).toBe(first?.rawBody.toString());
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.headers['x-keeptrusts-delivery']).toBe(again?.id);
});

it('begins the schedule anew, of what failed for good too', async () => {
  const setup = await app.newSetup();
  setup.receiver.misbehave({ kind: 'status', status: 500 }, 2);
  const { at, delivery, item } = await delivered(setup, 'retrying');
  const given: Partial<DeliveryDoc> = { status: 'failed', failures: 9, next_attempt_at: null, settled_at: new Date() };
  await app.deliveries.updateOne({ _id: delivery }, { $set: given });
  expect((await setup.key.post(`${item}/resend`)).status).toBe(200);
  const [one] = await deliveriesOnce(
    setup,
    at,
    ([first]) => first?.attempts.length === 2 && first.status === 'retrying',
  );
  expect(triggers(one?.attempts ?? [])).toEqual([
    ['automatic', 500],
    ['manual', 500],
  ]);
  expect((await app.deliveries.findById(delivery).lean())?.failures).toBe(1);
  // The next try is the schedule's again.
  await app.deliveries.updateOne({ _id: delivery }, { $set: { next_attempt_at: new Date() } });
  const [healed] = await deliveriesOnce(setup, at, ([first]) => first?.status === 'succeeded');
  expect(healed?.attempts.map(({ number, trigger }) => [number, trigger])).toEqual([
    [1, 'automatic'],
    [2, 'manual'],
    [3, 'automatic'],
  ]);
});

it('is not lost while the pump is sending: both attempts are made, and on record', async () => {
  const setup = await app.newSetup();
  const { at } = await setup.make();
  const { habit, release } = held();
  setup.receiver.misbehave(habit);
  await setup.publish();
  const [claimed] = await eventually(
    () => app.deliveries.find({ org_id: setup.org }).lean(),
    ([one]) => one?.epoch !== null && setup.receiver.requests.length === 1,
  );
  const answer = await setup.key.post(`${at}/deliveries/${String(claimed?._id)}/resend`);
  expect(answer.status).toBe(200);
  release();
  const [one] = await deliveriesOnce(
    setup,
    at,
    ([first]) => first?.attempts.length === 2 && first.status === 'succeeded',
  );
  expect(triggers(one?.attempts ?? []).sort()).toEqual([
    ['automatic', 204],
    ['manual', 204],
  ]);
  expect(one?.attempts.map(({ number }) => number)).toEqual([1, 2]);
  expect(new Set(received(setup)).size).toBe(1);
});

it('sends a parked one at once', async () => {
  const setup = await app.newSetup();
  const { at, delivery, item } = await delivered(setup, 'succeeded');
  const parked = { status: 'parked', attempts: 0, settled_at: null } as const;
  await app.deliveries.updateOne({ _id: delivery }, { $set: parked });
  await app.attempts.deleteMany({ delivery_id: delivery });
  expect((await setup.key.post(`${item}/resend`)).body).toMatchObject({ status: 'pending', workflow: null });
  const [one] = await deliveriesOnce(setup, at, ([first]) => first?.status === 'succeeded');
  expect(triggers(one?.attempts ?? [])).toEqual([['manual', 204]]);
});

it('sends nothing to a disabled endpoint, and says so', async () => {
  const setup = await app.newSetup();
  const { at, item } = await delivered(setup, 'succeeded');
  await setup.key.patch(at, { enabled: false });
  const { status, body } = await setup.key.post(`${item}/resend`);
  expect([status, body.code]).toEqual([409, 'endpoint_disabled']);
  expect((await setup.key.get(item)).body).toMatchObject({ status: 'succeeded', attempts: { length: 1 } });
});

it.each(['pending', 'retrying', 'parked'] as const)('cancels what is %s, once', async (status) => {
  const setup = await app.newSetup();
  const { at, id } = await setup.make();
  const later = status === 'parked' ? null : new Date(Date.now() + 3_600_000);
  const { _id } = await setup.insert(id, { status, next_attempt_at: later });
  const item = `${at}/deliveries/${_id}`;
  const { status: code, body } = await setup.key.post(`${item}/cancel`);
  expect([code, body.status, body.next_attempt_at, body.workflow]).toEqual([200, 'cancelled', null, null]);
  const again = await setup.key.post(`${item}/cancel`);
  expect([again.status, again.body.code]).toEqual([409, 'already_settled']);
  const stored = await app.deliveries.findById(_id).lean();
  expect([stored?.next_attempt_at, stored?.epoch, stored?.settled_at]).toEqual([null, null, expect.any(Date)]);
});

it.each(['succeeded', 'failed'] as const)('does not cancel what has %s', async (status) => {
  const setup = await app.newSetup();
  const { at, id } = await setup.make();
  const { _id } = await setup.insert(id, { status });
  const { status: code, body } = await setup.key.post(`${at}/deliveries/${_id}/cancel`);
  expect([code, body.code]).toEqual([409, 'already_settled']);
  expect((await app.deliveries.findById(_id).lean())?.status).toBe(status);
});

it('does not cancel what has succeeded in the same moment', async () => {
  const setup = await app.newSetup();
  const { id } = await setup.make();
  const { _id } = await setup.insert(id, { status: 'retrying', attempts: 1 });
  const outcome = { status: 'succeeded', attempts: 2 } as const;
  const racing = new Proxy(app.deliveries, {
    get: (model, name) =>
      name === 'findOneAndUpdate'
        ? (...args: Parameters<typeof model.findOneAndUpdate>) => ({
            lean: () => ({
              exec: async () => {
                await model.updateOne({ _id }, { $set: outcome });
                return model.findOneAndUpdate(...args).lean();
              },
            }),
          })
        : (Reflect.get(model, name) as unknown),
  });
  const history = createHistory({ deliveries: racing, attempts: app.attempts });
  const ref = { orgId: setup.org, endpointId: id, id: _id };
  const cancelling = history.change(ref, (current) => cancelledIfUnsettled(current, new Date()));
  await expect(cancelling).rejects.toMatchObject({ code: 'already_settled' });
  expect(await app.deliveries.findById(_id).lean()).toMatchObject(outcome);
});

it('stays cancelled although the attempt under way fails, and that is on record', async () => {
  const setup = await app.newSetup();
  const { at } = await setup.make();
  setup.receiver.misbehave({ kind: 'hang' });
  await setup.publish();
  const [claimed] = await eventually(
    () => app.deliveries.find({ org_id: setup.org }).lean(),
    () => setup.receiver.requests.length === 1,
  );
  expect((await setup.key.post(`${at}/deliveries/${String(claimed?._id)}/cancel`)).body.status).toBe('cancelled');
  const [one] = await deliveriesOnce(setup, at, ([first]) => first?.attempts.length === 1);
  expect([one?.status, one?.next_attempt_at]).toEqual(['cancelled', null]);
  expect(setup.receiver.requests).toHaveLength(1);
});

it('cancels all that a deleted endpoint was still to get, and nothing of others', async () => {
  const setup = await app.newSetup();
  const [gone, other] = [await setup.make(), await setup.make()];
  const later = new Date(Date.now() + 3_600_000);
  const kept = await setup.insert(other.id, { status: 'parked' });
  for (const status of ['pending', 'retrying', 'parked', 'succeeded', 'failed'] as const) {
    await setup.insert(gone.id, {
      status,
      next_attempt_at: status === 'pending' || status === 'retrying' ? later : null,
    });
  }
  expect((await setup.key.del(gone.at)).status).toBe(204);
  const found = await app.deliveries.find({ endpoint_id: gone.id }).lean();
  expect(found.map(({ status }) => status).sort()).toEqual([
    'cancelled',
    'cancelled',
    'cancelled',
    'failed',
    'succeeded',
  ]);
  expect(found.every(({ next_attempt_at }) => next_attempt_at === null)).toBe(true);
  expect((await app.deliveries.findById(kept._id).lean())?.status).toBe('parked');
});
