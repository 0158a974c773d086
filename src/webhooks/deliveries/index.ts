import type { Connection, Model } from 'mongoose';
import type { GuardedClient } from '../../delivery/http/client.js';
import { dropEventsInTime, type EventDoc } from '../../events/model.js';
import type { Route } from '../../http/route.js';
import type { Cipher } from '../../security/encryption.js';
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
import { presentDelivery } from './presenter.js';
import { createRecover } from './recover.js';
import { deliveryRoutes } from './routes.js';
import { createDeliveryService } from './service.js';
import { createTestCall } from './test-call.js';
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
  const service = createDeliveryService({
    endpoints,
    history: createHistory(models),
    list: createDeliveryList({ deliveries: models.deliveries, lastTriedAt: createLastTriedAt(health) }),
    messageOfDelivery: createMessageOfDelivery({ events: models.events, testEvents }),
    testCall,
  });
  const recover = createRecover({ ...models, endpoints, retentionDays });
  return {
    routes: deliveryRoutes({ service, testCall, recover, present: (shown) => presentDelivery(shown, temporal) }),
    endpointRemoved: createCancelAll(models.deliveries),
  };
}
