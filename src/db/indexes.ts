import type { Connection } from 'mongoose';

/**
 * Makes the indexes of every model of the connection, where they are missing. Uniqueness is what keeps tickets single,
 * so nothing is served before they stand.
 */
export async function ensureIndexes(connection: Connection): Promise<void> {
  await Promise.all(Object.values(connection.models).map((model) => model.createIndexes()));
}
