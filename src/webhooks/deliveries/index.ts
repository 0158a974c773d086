import type { Connection, Model } from 'mongoose';
import type { GuardedClient } from '../../http/client/client.js';
import { dropEventsInTime, type EventDoc } from '../../events/model.js';
import type { Route } from '../../http/route.js';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';
import { healthModel, type HealthDoc } from '../health/model.js';
import { createAttemptOnce } from '../pump/attempt.js';
import { createCancelAll } from './cancel-all.js';
import { createHistory } from './history.js';
import { createLastTriedAt } from './last-tried.js';
import { createDeliveryList } from './list.js';
import type { AttemptDoc, DeliveryDoc } from './model.js';
import { createMessageOfDelivery } from './payload.js';
import { presentDelivery, type Shown } from './presenter.js';
import { createRecover, type Recover } from './recover.js';
import { deliveryRoutes } from './routes.js';
import type { PresentedDelivery } from './schema.js';
import { createSentRequestOf, type SentRequestOf } from './sent-request.js';
import { createDeliveryService, type DeliveryService } from './service.js';
import { createTestCall, type TestCall } from './test-call.js';
import { testEventModel } from './test-event.js';
import { createRecordTest } from './test-record.js';

export interface DeliveriesOptions {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  events: Model<EventDoc>;
  /** Its deadline is that of an attempt as a whole. */
  http: Pick<GuardedClient, 'request'>;
  /** Without a trailing slash. */
  publicUrl: string;
  temporal: { namespace: string; uiUrl: string | undefined };
  retentionDays?: number;
}

interface Surroundings {
  connection: Connection;
  cipher: Pick<Cipher, 'decrypt'>;
  endpoints: EndpointStore;
}

export interface Deliveries {
  routes: Route[];
  service: DeliveryService;
  testCall: Pick<TestCall, 'first'>;
  recover: Recover;
  present: (shown: Shown) => PresentedDelivery;
  sentRequestOf: SentRequestOf;
  /** Told of an endpoint that was deleted. Never throws. */
  endpointRemoved: (endpoint: EndpointDoc) => Promise<void>;
}

/** Wires the calls about deliveries. It brings a model: call it before the indexes are made. */
export function createDeliveries(
  { retentionDays = 30, http, publicUrl, temporal, ...models }: DeliveriesOptions,
  { connection, cipher, endpoints }: Surroundings,
): Deliveries {
  // There is one already where health is shown; a connection has each model once.
  const health = (connection.models.WebhookHealth as Model<HealthDoc> | undefined) ?? healthModel(connection);
  dropEventsInTime(models.events, retentionDays);
  const testEvents = testEventModel(connection, retentionDays);
  const testCall = createTestCall({
    ...{ endpoints, testEvents, cipher, publicUrl },
    record: createRecordTest(models),
    attemptOnce: createAttemptOnce({ http }),
  });
  const messageOfDelivery = createMessageOfDelivery({ events: models.events, testEvents });
  const service = createDeliveryService({
    endpoints,
    history: createHistory(models),
    list: createDeliveryList({ deliveries: models.deliveries, lastTriedAt: createLastTriedAt(health) }),
    messageOfDelivery,
    testCall,
  });
  const recover = createRecover({ ...models, endpoints, retentionDays });
  const present = (shown: Shown) => presentDelivery(shown, temporal);
  return {
    routes: deliveryRoutes({ service, testCall, recover, present }),
    ...{ service, testCall, recover, present },
    sentRequestOf: createSentRequestOf({ cipher, messageOfDelivery }),
    endpointRemoved: createCancelAll(models.deliveries),
  };
}
