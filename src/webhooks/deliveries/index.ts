import type { Model } from 'mongoose';
import type { GuardedClient } from '../../http/client/client.js';
import type { EventDoc } from '../../events/model.js';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';
import type { HealthDoc } from '../health/model.js';
import { createAttemptOnce } from '../pump/attempt.js';
import { createCancelAll } from './cancel-all.js';
import { createHistory } from './history.js';
import { createLastTriedAt } from './last-tried.js';
import { createDeliveryList } from './list.js';
import type { AttemptDoc, DeliveryDoc } from './model.js';
import { createMessageOfDelivery } from './payload.js';
import { presentDelivery, type Shown } from './presenter.js';
import { createRecover, type Recover } from './recover.js';
import type { PresentedDelivery } from './schema.js';
import { createSentRequestOf, type SentRequestOf } from './sent-request.js';
import { createDeliveryService, type DeliveryService } from './service.js';
import { createTestCall, type TestCall } from './test-call.js';
import type { TestEventDoc } from './test-event.js';
import { createRecordTest } from './test-record.js';

export interface DeliveriesOptions {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  events: Model<EventDoc>;
  testEvents: Model<TestEventDoc>;
  health: Model<HealthDoc>;
  /** Its deadline is that of an attempt as a whole. */
  http: Pick<GuardedClient, 'request'>;
  /** Without a trailing slash. */
  publicUrl: string;
  temporal: { namespace: string; uiUrl: string | undefined };
  retentionDays?: number;
}

interface Surroundings {
  cipher: Pick<Cipher, 'decrypt'>;
  endpoints: EndpointStore;
}

export interface Deliveries {
  service: DeliveryService;
  testCall: Pick<TestCall, 'first'>;
  recover: Recover;
  present: (shown: Shown) => PresentedDelivery;
  sentRequestOf: SentRequestOf;
  /** Told of an endpoint that was deleted. Never throws. */
  endpointRemoved: (endpoint: EndpointDoc) => Promise<void>;
}

/** Deliveries for callers: their history, sending again, test calls. */
export function createDeliveries(
  { retentionDays = 30, http, publicUrl, temporal, testEvents, health, ...models }: DeliveriesOptions,
  { cipher, endpoints }: Surroundings,
): Deliveries {
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
    service,
    testCall,
    recover,
    present,
    sentRequestOf: createSentRequestOf({ cipher, messageOfDelivery }),
    endpointRemoved: createCancelAll(models.deliveries),
  };
}
