import { createDeliveries, type DeliveriesOptions } from './deliveries/index.js';
import { createWebhookAdmin } from './admin.js';
import type { HealthOf } from './endpoints/health.js';
import { createEndpointService, type EndpointServiceDeps } from './endpoints/service.js';

export interface WebhooksOptions extends EndpointServiceDeps {
  healthOf: HealthOf;
  history: DeliveriesOptions;
}

/** Endpoints and their deliveries for callers. The worker's side is the delivery engine. */
export function createWebhooks({ store, cipher, audit, healthOf, changed, history }: WebhooksOptions) {
  const deliveries = createDeliveries(history, { cipher, endpoints: store });
  const endpointService = createEndpointService({
    store,
    cipher,
    audit,
    changed: async (before, after) => {
      await changed(before, after);
      if (before && !after) await deliveries.endpointRemoved(before);
    },
  });
  return {
    endpointService,
    deliveries,
    healthOf,
    admin: createWebhookAdmin({ history, deliveries, endpointService, healthOf }),
  };
}
