import mongoose from 'mongoose';
import type { EventDoc } from '../../src/events/model.js';
import { newId } from '../../src/lib/ids.js';
import type { AttemptDoc, DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import { partitionOf } from '../../src/webhooks/endpoints/partition.js';
import { bodyOf } from './event.js';
import type { BenchOrg } from './product.js';

/** Days that they are spread over: none is old enough to be dropped meanwhile. */
const days = 20;
const maxAtOnce = 5_000;
const unordered = { ordered: false };

/**
 * Stores deliveries that have succeeded, and their events: one for all endpoints of the org. Attempts are read by their
 * delivery only, so that few of them say as much: the first endpoint's have theirs.
 */
export async function storeSettled(mongoUri: string, org: BenchOrg, count: number): Promise<void> {
  const client = await mongoose.mongo.MongoClient.connect(mongoUri);
  const database = client.db();
  const endpoints = org.endpointIds.map((id) => ({ id, partition: partitionOf(id) }));
  const perEvent = endpoints.length;
  const perInsert = Math.floor(maxAtOnce / perEvent);
  const { data } = JSON.parse(bodyOf(1)) as { data: object };
  const json = JSON.stringify(data);
  const beginsAt = Date.now() - days * 86_400_000;
  const stepMs = (days * 86_400_000) / count;
  try {
    for (let first = 0; first < count / perEvent; first += perInsert) {
      const size = Math.min(perInsert, Math.ceil(count / perEvent) - first);
      const events = Array.from({ length: size }, (_, index) =>
        eventOf(org.id, json, new Date(beginsAt + (first + index) * perEvent * stepMs)),
      );
      const deliveries = events.flatMap((event) => endpoints.map((endpoint) => deliveryOf(event, endpoint)));
      const attempts = deliveries.filter((delivery) => delivery.endpoint_id === endpoints[0]?.id).map(attemptOf);
      await Promise.all([
        database.collection<EventDoc>('events').insertMany(events, unordered),
        database.collection<DeliveryDoc>('deliveries').insertMany(deliveries, unordered),
        database.collection<AttemptDoc>('delivery_attempts').insertMany(attempts, unordered),
      ]);
    }
  } finally {
    await client.close();
  }
}

function eventOf(orgId: string, data: string, at: Date): EventDoc {
  const _id = newId('evt', at.getTime());
  const event = { _id, org_id: orgId, type: 'event.created', data, occurred_at: at, created_at: at } as const;
  return { ...event, source_id: null, dedupe_key: _id, raise: null, due: false };
}

function deliveryOf(
  { _id, org_id, type, created_at }: EventDoc,
  { id, partition }: { id: string; partition: number },
): DeliveryDoc {
  return {
    _id: newId('dlv', created_at.getTime()),
    org_id,
    endpoint_id: id,
    event_id: _id,
    event_type: type,
    partition,
    status: 'succeeded',
    attempts: 1,
    failures: 0,
    trigger: 'automatic',
    next_attempt_at: null,
    epoch: null,
    created_at,
    settled_at: created_at,
  };
}

function attemptOf({ _id, created_at: at }: DeliveryDoc): AttemptDoc {
  const answer = { response_code: 204, duration_ms: 3, error: null, response_body: '' };
  return { _id: `${_id}/1`, delivery_id: _id, number: 1, at, trigger: 'automatic', ...answer };
}
