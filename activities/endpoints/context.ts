import type { Model } from 'mongoose';
import type { Timings } from '../../src/config/index.js';
import type { Logger } from '../../src/observability/logger.js';
import type { EndpointStore } from '../../src/webhooks/endpoints/store.js';
import type { DisableEndpoint } from '../../src/webhooks/health/disabling.js';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import type { Parked } from '../../src/webhooks/health/parked.js';
import type { Probe } from '../../src/webhooks/health/probe.js';

export interface EndpointActivityDeps {
  health: Model<HealthDoc>;
  endpoints: Pick<EndpointStore, 'find'>;
  parked: Parked;
  probe: Probe;
  disable: DisableEndpoint;
  /** Logs unexpected errors in full; Temporal gets their class only. */
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'dispatch'>;
}
