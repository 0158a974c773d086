import type { Connection, Model } from 'mongoose';
import type { DeliveryConfig, EgressConfig, Timings } from '../config/index.js';
import { createGuardedClient } from '../http/client/client.js';
import { dropEventsInTime, eventModel } from '../events/model.js';
import type { Logger } from '../observability/logger.js';
import type { Audit } from '../auth/audit/audit.js';
import type { Cipher } from '../lib/encryption.js';
import { attemptModel, type DeliveryDoc } from './deliveries/model.js';
import type { EndpointDoc } from './endpoints/model.js';
import { createEndpointStore } from './endpoints/store.js';
import { createDisabling } from './health/disabling.js';
import { createHealth } from './health/health.js';
import { healthModel } from './health/model.js';
import { createParked } from './health/parked.js';
import { createProbe } from './health/probe.js';
import { createPumpLeases } from './leases/leases.js';
import { pumpLeaseModel, pumpPlanModel } from './leases/model.js';
import { createPumpPlan } from './leases/plan.js';
import { createAttemptOnce } from './pump/attempt.js';
import type { PumpDeps } from './pump/pump.js';
import { createPump } from './pump/term.js';

export interface PumpingOptions {
  connection: Connection;
  deliveries: Model<DeliveryDoc>;
  endpoints: Model<EndpointDoc>;
  cipher: Cipher;
  audit: Pick<Audit, 'recordOwn'>;
  egress: EgressConfig;
  settings: DeliveryConfig;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'dispatch' | 'health' | 'pump'>;
  /** Told of each batch of outcomes that was stored. */
  counted?: PumpDeps['counted'];
}

/** As many posts as a process makes at once, the slow ones among them, may go to one origin. */
const connections = 1_300;

/** Wires what delivers, and what tends sick endpoints, for the worker. Call it before the indexes are made: it brings models. */
export function createPumping({ connection, egress, settings, audit, ...deps }: PumpingOptions) {
  const { deliveries, endpoints, cipher, logger, timings } = deps;
  // Of its own: what hangs at one receiver takes no connection from channels and trackers.
  const http = createGuardedClient({ ...egress, pool: { connections } });
  const attempts = attemptModel(connection, settings.retentionDays);
  const events = eventModel(connection);
  dropEventsInTime(events, settings.retentionDays);
  const healthDocs = healthModel(connection);
  const store = createEndpointStore({ endpoints });
  const disable = createDisabling({ store, audit });
  const health = createHealth({ health: healthDocs, deliveries, attempts, logger, timings });
  const plan = createPumpPlan({ plan: pumpPlanModel(connection) });
  const pump = createPump({
    ...{ ...deps, http, attempts, events, health },
    gone: (endpoint) => disable(endpoint, 'gone'),
    retryDelaysMs: settings.retryDelaysMs,
    postMs: egress.timeoutMs,
  });
  return {
    pump,
    plan,
    leases: createPumpLeases({ leases: pumpLeaseModel(connection), plan, timings }),
    health: healthDocs,
    /** What the activities of an endpoint's workflow need. */
    tending: {
      health: healthDocs,
      endpoints: store,
      parked: createParked({ deliveries, attempts }),
      probe: createProbe({ deliveries, attempts, events, cipher, attemptOnce: createAttemptOnce({ http }), timings }),
      disable,
      logger,
      timings,
    },
    async close() {
      await health.close();
      await http.close();
    },
  };
}
