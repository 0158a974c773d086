import type { Connection } from 'mongoose';
import { afterAll } from 'vitest';
import { connectMongo } from '../../../src/db/connect.js';
import type { Product } from '../../support/product.js';

/** A look into the product's database, for what no call of the API shows; closed when the file has ended. */
export function databaseOf(product: Product): () => Promise<Connection> {
  let connection: Promise<Connection> | undefined;
  afterAll(async () => {
    await (await connection)?.close();
  });
  return () => (connection ??= connectMongo(product.env.MONGODB_URI ?? '', { maxPoolSize: 2 }));
}

/** All that Ticket Sync keeps, as counts: what «nothing is recorded» is judged by. */
export async function recorded(connection: Connection): Promise<Record<string, number>> {
  const names = ['ticket_links', 'ticket_commands', 'comments', 'mock_tickets'];
  const counts = names.map(async (name) => [name, await connection.collection(name).countDocuments()] as const);
  return Object.fromEntries(await Promise.all(counts));
}
