import type { Model } from 'mongoose';
import type { DeliveryConfig, EgressConfig, Timings } from '../config/index.js';
import { createGuardedClient } from '../http/client/client.js';
import type { Resolver } from '../http/client/dns/resolver.js';
import type { EventDoc } from '../events/model.js';
import type { Logger } from '../observability/logger.js';
import type { Audit } from '../auth/audit/audit.js';
import type { Cipher } from '../lib/encryption.js';
import type { AttemptDoc, DeliveryDoc } from './deliveries/model.js';
import type { EndpointDoc } from './endpoints/model.js';
import type { EndpointStore } from './endpoints/store.js';
import { createDisabling } from './health/disabling.js';
import { createHealth } from './health/health.js';
import type { HealthDoc } from './health/model.js';
import { createParked } from './health/parked.js';
import { createProbe } from './health/probe.js';
import { createPumpLeases } from './leases/leases.js';
import type { PumpLeaseDoc, PumpPlanDoc } from './leases/model.js';
import { createPumpPlan } from './leases/plan.js';
import { createAttemptOnce } from './pump/attempt.js';
import type { PumpDeps } from './pump/pump.js';
import { createPump } from './pump/term.js';

export interface PumpingOptions {
  models: {
    deliveries: Model<DeliveryDoc>;
    attempts: Model<AttemptDoc>;
    events: Model<EventDoc>;
    endpoints: Model<EndpointDoc>;
    health: Model<HealthDoc>;
    pumpLeases: Model<PumpLeaseDoc>;
    pumpPlan: Model<PumpPlanDoc>;
  };
  endpoints: EndpointStore;
  cipher: Cipher;
  audit: Pick<Audit, 'recordOwn'>;
  egress: EgressConfig;
  resolver: Resolver;
  settings: DeliveryConfig;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'dispatch' | 'health' | 'pump'>;
  /** Told of each batch of outcomes that was stored. */
  counted?: PumpDeps['counted'];
}

/** As many posts as a process makes at once, the slow ones among them, may go from one org to one origin. */
const connections = 1_300;

/** Wires what delivers, and what tends sick endpoints, for the worker. */
export function createPumping(options: PumpingOptions) {
  const { models, endpoints, cipher, audit, egress, resolver, settings, logger, timings, counted } = options;
  const { deliveries, attempts, events, health: healthDocs } = models;
  // Of its own: what hangs at one receiver takes no connection from channels and trackers.
  const http = createGuardedClient({ ...egress, resolver, pool: { connections } });
  const disable = createDisabling({ store: endpoints, audit });
  const health = createHealth({ health: healthDocs, deliveries, attempts, logger, timings });
  const plan = createPumpPlan({ plan: models.pumpPlan });
  const pump = createPump({
    deliveries,
    attempts,
    events,
    endpoints: models.endpoints,
    cipher,
    http,
    health,
    logger,
    timings,
    counted,
    gone: (endpoint) => disable(endpoint, 'gone'),
    retryDelaysMs: settings.retryDelaysMs,
    postMs: egress.timeoutMs,
  });
  return {
    pump,
    plan,
    leases: createPumpLeases({ leases: models.pumpLeases, plan, timings }),
    health: healthDocs,
    /** What the activities of an endpoint's workflow need. */
    endpointActivities: {
      health: healthDocs,
      endpoints,
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
