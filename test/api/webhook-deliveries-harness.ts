import type { Model } from 'mongoose';
import { defaultTimings } from '../../src/config/timings.js';
import { testGuardedClient } from '../support/guarded-client.js';
import type { EventDoc } from '../../src/events/model.js';
import { newEvent } from '../../src/events/new-event.js';
import type { EventType } from '../../src/events/types.js';
import { derivedId, newId } from '../../src/lib/ids.js';
import type { AttemptDoc, DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import type { PresentedDelivery } from '../../src/webhooks/deliveries/schema.js';
import { deliveryRoutes } from '../../src/webhooks/deliveries/routes.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { endpointRoutes } from '../../src/webhooks/endpoints/routes.js';
import { createEndpointStore } from '../../src/webhooks/endpoints/store.js';
import { createWebhooks } from '../../src/webhooks/index.js';
import { createPublisher } from '../../src/webhooks/publishing/publisher.js';
import { createPump } from '../../src/webhooks/pump/term.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import type { Api, ApiAnswer } from '../support/http.js';

export const publicUrl = 'http://drawbridge.test';
export const uiUrl = 'http://temporal.test';
export const retentionDays = 30;

export interface DeliveriesApp extends TestApp {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  events: Model<EventDoc>;
  endpoints: Model<EndpointDoc>;
  newSetup: () => Promise<DeliverySetup>;
  /** Sends what is due, until the app is closed. */
  startPump: () => void;
}

export interface DeliverySetup {
  org: string;
  key: Api;
  receiver: FakeReceiver;
  /** An endpoint at the receiver. @returns its path below `/api/v1`, and itself */
  make: (more?: object) => Promise<{ at: string; id: string; secret: string }>;
  /** Events of this org, stored as the API does. @returns their ids, in their order */
  publish: (count?: number, type?: EventType, change?: Partial<EventDoc>) => Promise<string[]>;
  /** A delivery as it may be found in MongoDB, of an event at this time. */
  insert: (endpointId: string, change?: Partial<DeliveryDoc>, at?: Date) => Promise<DeliveryDoc>;
}

/** The calls about deliveries over real HTTP, with a pump to start and receivers to send to. */
export async function startDeliveriesApp(): Promise<DeliveriesApp> {
  const http = testGuardedClient();
  const app = await startTestApp({
    routes: ({ models, audit, cipher }) => {
      const webhooks = createWebhooks({
        store: createEndpointStore(models),
        cipher,
        audit,
        healthOf: () => Promise.resolve(new Map()),
        changed: () => Promise.resolve(),
        history: { ...models, http, publicUrl, retentionDays, temporal: { namespace: 'default', uiUrl } },
      });
      return [...endpointRoutes(webhooks), ...deliveryRoutes(webhooks.deliveries)];
    },
  });
  const { cipher, logger } = app;
  const { deliveries, attempts, events, endpoints } = app.models;
  const store = createEndpointStore(app.models);
  const publisher = createPublisher({ events, deliveries, endpoints: store, timings: defaultTimings });
  const receivers: FakeReceiver[] = [];
  const pump = { stopping: new AbortController(), ended: Promise.resolve() };

  async function newSetup(): Promise<DeliverySetup> {
    const org = await app.newOrg();
    const key = await app.keyOf(org, ['configure']);
    const receiver = await startFakeReceiver(null);
    receivers.push(receiver);
    return {
      org,
      key,
      receiver,
      async make(more = {}) {
        const input = { url: receiver.url, events: ['event.created'], ...more };
        const { status, body } = await key.post(`/orgs/${org}/webhooks`, input);
        if (status !== 201) throw new Error(`No endpoint: ${JSON.stringify(body)}`);
        return { at: `/orgs/${org}/webhooks/${String(body.id)}`, id: String(body.id), secret: String(body.secret) };
      },
      async publish(count = 1, type = 'event.created', change = {}) {
        const at = new Date();
        const ids = Array.from({ length: count }, () => newId('evt')).sort();
        const docs = ids.map((id, n): EventDoc => ({
          ...newEvent({
            ...{ id, orgId: org, type, data: JSON.stringify({ n, b: 'ü', a: [{ z: 1, $y: 2 }] }) },
            ...{ occurredAt: at, sourceId: null, at, raise: null, graceMs: 0 },
          }),
          ...change,
        }));
        await publisher.append(docs);
        return ids;
      },
      async insert(endpointId, change = {}, at = new Date()) {
        const event_id = change.event_id ?? newId('evt', at.getTime());
        const doc: DeliveryDoc = {
          _id: derivedId('dlv', `${event_id}/${endpointId}`, at.getTime()),
          org_id: org,
          endpoint_id: endpointId,
          event_id,
          event_type: 'event.created',
          partition: 0,
          status: 'succeeded',
          attempts: 0,
          failures: 0,
          trigger: 'automatic',
          next_attempt_at: null,
          epoch: null,
          created_at: at,
          settled_at: null,
          ...change,
        };
        await deliveries.insertMany([doc], { lean: true });
        return doc;
      },
    };
  }

  return Object.assign(app, {
    ...{ deliveries, attempts, events, endpoints, newSetup },
    startPump() {
      const run = createPump({
        ...{ deliveries, attempts, events, endpoints, cipher, http },
        health: { record: () => undefined, isOpen: () => false },
        gone: () => Promise.resolve(),
        retryDelaysMs: [60_000],
        postMs: 15_000,
        logger,
        timings: defaultTimings,
      }).run({
        ...{ epoch: 7, partitions: Array.from({ length: 64 }, (_, n) => n), holdsLease: () => true },
        ...{ signal: pump.stopping.signal, onBeat: () => undefined },
      });
      pump.ended = run;
    },
    close: ((close) => async () => {
      pump.stopping.abort();
      await pump.ended;
      await Promise.all(receivers.map((one) => one.close()));
      await http.close();
      await close();
    })(app.close),
  });
}

/** The deliveries of an answer. */
export const deliveriesOf = (answer: ApiAnswer) => answer.body.data as PresentedDelivery[];

/** An endpoint's deliveries, once they are as wanted. */
export const deliveriesOnce = async (
  { key }: Pick<DeliverySetup, 'key'>,
  at: string,
  isWanted: (found: PresentedDelivery[]) => boolean,
) => eventually(async () => deliveriesOf(await key.get(`${at}/deliveries?limit=200`)), isWanted);

/** The paths that a 422 names. */
export const faultsOf = (answer: ApiAnswer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
