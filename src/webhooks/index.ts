import type { Connection } from 'mongoose';
import { createDeliveries, type DeliveriesOptions } from './deliveries/index.js';
import { createDesk } from './desk.js';
import type { HealthOf } from './endpoints/health.js';
import { endpointModel } from './endpoints/model.js';
import { endpointRoutes } from './endpoints/routes.js';
import { createEndpointService, type EndpointChanged, type EndpointServiceDeps } from './endpoints/service.js';
import { createEndpointStore } from './endpoints/store.js';

export interface WebhooksOptions extends Pick<EndpointServiceDeps, 'cipher' | 'audit'> {
  connection: Connection;
  /** The delivery engine's; without one, all that is enabled is new. */
  healthOf?: HealthOf;
  changed?: EndpointChanged;
  /** For the calls about deliveries; without it there are none. */
  history?: DeliveriesOptions;
}

/** Wires this folder for the API; the worker makes a store. Call it before the indexes are made: it brings models. */
export function createWebhooks({
  connection,
  cipher,
  audit,
  healthOf = () => Promise.resolve(new Map()),
  changed = () => Promise.resolve(),
  history,
}: WebhooksOptions) {
  const store = createEndpointStore({ endpoints: endpointModel(connection) });
  const deliveries = history && createDeliveries(history, { connection, cipher, endpoints: store });
  const endpointService = createEndpointService({
    ...{ store, cipher, audit },
    changed: async (before, after) => {
      await changed(before, after);
      if (before && !after) await deliveries?.endpointRemoved(before);
    },
  });
  return {
    store,
    endpointService,
    routes: [...endpointRoutes({ endpointService, healthOf }), ...(deliveries?.routes ?? [])],
    /** For the console; null where there are no deliveries. */
    desk: history && deliveries ? createDesk({ connection, history, deliveries, endpointService, healthOf }) : null,
  };
}
