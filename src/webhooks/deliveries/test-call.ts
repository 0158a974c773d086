import type { Model } from 'mongoose';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { insertMissing } from '../../db/insert-missing.js';
import type { EventType } from '../../events/types.js';
import { tooManyRequests, unavailable, unprocessable } from '../../http/problem.js';
import { consume } from '../../http/rate-limit.js';
import type { IdPrefix } from '../../lib/ids.js';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';
import type { Attempt, AttemptOnce } from '../pump/attempt.js';
import type { Message } from '../pump/body.js';
import { openTarget } from '../pump/target.js';
import type { DeliveryDoc } from './model.js';
import { sampleData } from './samples.js';
import { endpointIn } from './endpoint-in.js';
import { testMessageOf, type TestEventDoc } from './test-event.js';
import type { RecordTest } from './test-record.js';

export interface TestCallDeps {
  endpoints: Pick<EndpointStore, 'findIn'>;
  testEvents: Model<TestEventDoc>;
  record: RecordTest;
  attemptOnce: AttemptOnce;
  cipher: Pick<Cipher, 'decrypt'>;
  /** Where the sample's links lead to. */
  publicUrl: string;
  perMinute?: number;
}

export interface TestCall {
  /**
   * Sends an example of a type that the endpoint wants. Whatever the receiver says is a result: the endpoint's health and
   * whether it is enabled stay as they are.
   * @param newId under an Idempotency-Key, gives the same ids again: a repetition is another attempt at the same test
   * @throws Problem 404, 422 for a type that it does not want, 429 past ten a minute, 503 when it cannot be signed
   */
  first: (
    orgId: string,
    endpointId: string,
    how: { type: EventType | undefined; newId: (prefix: IdPrefix) => string },
  ) => Promise<{ deliveryId: string; attempt: Attempt }>;
  /** Sends a test's message once more. @throws Problem 429, 503 as above */
  again: (endpoint: EndpointDoc, delivery: DeliveryDoc, message: Message) => Promise<DeliveryDoc>;
}

/** Sends tests, to a disabled endpoint too: one tries before one enables. */
export function createTestCall(deps: TestCallDeps): TestCall {
  const { endpoints, testEvents, record, attemptOnce, cipher, publicUrl, perMinute = 10 } = deps;
  // Each API process counts for itself.
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });

  async function send(endpoint: EndpointDoc, deliveryId: string, message: () => Promise<Message>): Promise<Attempt> {
    const { result, exceeded } = await consume(limiter, endpoint._id);
    const waitSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
    if (exceeded) throw tooManyRequests(waitSeconds, `An endpoint takes ${perMinute} tests a minute.`);
    const { url, orgId, opened } = openTarget(endpoint, cipher, new Date());
    if (!opened)
      throw unavailable('secret_unavailable', 'The key that the endpoint’s secret is sealed with is missing.');
    return attemptOnce({ delivery: { _id: deliveryId }, message: await message(), endpoint: { url, orgId, opened } });
  }

  /** Stored before it is sent. Of a repetition, the event that there is: the same id is the same message. */
  async function stored(event: TestEventDoc): Promise<TestEventDoc> {
    if ((await insertMissing(testEvents, [event])).length === 0) return event;
    return (await testEvents.findById(event._id).lean<TestEventDoc>().exec()) ?? event;
  }

  return {
    async first(orgId, endpointId, { type: wanted, newId }) {
      const endpoint = await endpointIn(endpoints, orgId, endpointId);
      const type = typeFor(endpoint, wanted);
      const [eventId, deliveryId] = [newId('evt'), newId('dlv')];
      const at = new Date();
      const data = JSON.stringify(sampleData(type, { orgId, publicUrl, at }));
      const attempt = await send(endpoint, deliveryId, async () =>
        testMessageOf(await stored({ _id: eventId, org_id: orgId, type, data, occurred_at: at })),
      );
      const ids = { _id: deliveryId, org_id: orgId, endpoint_id: endpoint._id, event_id: eventId };
      const test = { ...ids, event_type: type, partition: endpoint.partition, created_at: at };
      await record(test, attempt, 'test');
      return { deliveryId, attempt };
    },
    async again(endpoint, delivery, message) {
      const attempt = await send(endpoint, delivery._id, () => Promise.resolve(message));
      return record(delivery, attempt, 'manual');
    },
  };
}

function typeFor({ events }: Pick<EndpointDoc, 'events'>, wanted: EventType | undefined): EventType {
  const type = wanted ?? events[0];
  if (type !== undefined && events.includes(type)) return type;
  throw unprocessable([{ path: 'type', message: `must be one of the endpoint’s: ${events.join(', ')}` }]);
}
