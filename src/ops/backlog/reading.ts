import type { Connection, Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';

/** What is there in greater numbers is not counted on: a scrape is to stay cheap. */
export const countedTo = 100_000;

/** A scraper waits for ten seconds. */
export const bound = { maxTimeMS: 5_000 } as const;

/** Behind null, which sorts before every date. */
export const anyDate = () => trusted({ $gt: new Date(0) });

const names = [
  ...['Connection', 'Delivery', 'Escalation', 'Notification', 'TicketCommand', 'TicketLink', 'TrackerState'],
  ...['WebhookEndpoint', 'WebhookHealth', 'WorkerPresence'],
] as const;

/** @throws Error naming a model that nobody has made on this connection */
export function requireModels(connection: Connection): void {
  for (const name of names) connection.model(name);
}

/** A model that somebody else has made on this connection. */
export const modelOf = <Doc>(connection: Connection, name: (typeof names)[number]): Model<Doc> =>
  connection.model<Doc>(name);
