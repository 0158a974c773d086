import type { Connection } from 'mongoose';
import { eventModel } from './model.js';
import { eventRoutes } from './routes.js';
import { createIngest, type IngestDeps } from './service.js';
import { createEventStore, type EventStoreDeps } from './store.js';

export interface EventsOptions extends Omit<IngestDeps, 'store'>, Pick<EventStoreDeps, 'publisher'> {
  connection: Connection;
}

/** Wires this folder for the API; the worker makes a store. */
export function createEvents({ connection, publisher, ...deps }: EventsOptions) {
  const store = createEventStore({ events: eventModel(connection), publisher });
  const ingest = createIngest({ store, ...deps });
  return { store, ingest, routes: eventRoutes({ ingest }) };
}
