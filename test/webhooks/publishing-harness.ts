import type { Model } from 'mongoose';
import { defaultTimings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import type { EventDoc } from '../../src/events/model.js';
import { newEvent, type NewEvent } from '../../src/events/new-event.js';
import { newId } from '../../src/lib/ids.js';
import type { DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { createEndpointStore } from '../../src/webhooks/endpoints/store.js';
import { createPublisher, type PublisherDeps } from '../../src/webhooks/publishing/publisher.js';
import { openTestDatabase } from '../support/mongo.js';

/** A publisher on a database of its own, and what it is told about. */
export async function startPublishing() {
  const { connection, models, close } = await openTestDatabase();
  const { deliveries } = models;
  await ensureIndexes(connection);
  const endpoints = createEndpointStore(models);
  const deps: PublisherDeps = { events: models.events, deliveries, endpoints, timings: defaultTimings };
  let orgs = 0;
  return {
    ...deps,
    endpoints,
    close,
    publisher: createPublisher(deps),
    /** Another process's. */
    publisherWith: (change: Partial<PublisherDeps> = {}) => createPublisher({ ...deps, ...change }),
    newOrg: () => `org-${(orgs += 1)}`,
    async endpoint(orgId: string, change: Partial<EndpointDoc> = {}): Promise<EndpointDoc> {
      const inserted = await endpoints.insert({ ...newEndpoint(orgId), ...change });
      if (typeof inserted === 'string') throw new Error(inserted);
      return inserted;
    },
    eventsOf: (orgId: string) => models.events.find({ org_id: orgId }).sort({ _id: 1 }).lean<EventDoc[]>().exec(),
    deliveriesOf: (orgId: string) => deliveries.find({ org_id: orgId }).lean<DeliveryDoc[]>().exec(),
    /** Whom each event goes to, as `event → endpoint`. */
    async waysOf(orgId: string): Promise<string[]> {
      const all = await deliveries.find({ org_id: orgId }).lean<DeliveryDoc[]>().exec();
      return all.map((one) => `${one.event_id} → ${one.endpoint_id}`).sort();
    },
  };
}

export type Publishing = Awaited<ReturnType<typeof startPublishing>>;

function newEndpoint(orgId: string): Omit<EndpointDoc, 'slot'> {
  const at = new Date();
  return {
    _id: newId('wh'),
    org_id: orgId,
    url: 'https://receiver.test/',
    events: ['export.completed'],
    description: '',
    headers: [],
    rate_limit_per_second: null,
    ordered: false,
    enabled: true,
    disabled_reason: null,
    disabled_at: null,
    secrets: [{ id: newId('key'), sealed: 'sealed', created_at: at, expires_at: null }],
    version: 1,
    partition: 7,
    created_at: at,
    updated_at: at,
  };
}

export const anEvent = (orgId: string, change: Partial<NewEvent> = {}): EventDoc =>
  newEvent({
    id: newId('evt'),
    orgId,
    type: 'export.completed',
    data: '{}',
    occurredAt: new Date(),
    sourceId: null,
    at: new Date(),
    raise: null,
    graceMs: 0,
    ...change,
  });

/** A model whose inserts a test gets its hands on. */
export const withInsert = <T>(
  model: Model<T>,
  around: (insert: () => Promise<unknown>, docs: readonly T[]) => Promise<unknown>,
): Model<T> =>
  new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'insertMany') return value;
      return (docs: T[], options: object) => around(() => target.insertMany(docs, options), docs);
    },
  });
