import type { Connection } from 'mongoose';
import { inject } from 'vitest';
import { connectMongo } from '../../src/db/connect.js';
import { createModels, type Models } from '../../src/models.js';
import { databaseUri } from './mongo-uri.js';
import { uniqueName } from './unique-name.js';

export interface TestDatabase {
  connection: Connection;
  /** All collections, made when first asked for: `createServices` makes its own. `ensureIndexes` makes their indexes. */
  models: Models;
  uri: string;
  close: () => Promise<void>;
}

/** A connection to a database that no other file uses, on the run's one server; `close` drops it. */
export async function openTestDatabase(server = inject('mongoUri')): Promise<TestDatabase> {
  const uri = databaseUri(server, uniqueName());
  const connection = await connectMongo(uri, { maxPoolSize: 10 });
  const close = async () => {
    await connection.dropDatabase();
    await connection.close();
  };
  let models: Models | undefined;
  return {
    connection,
    get models() {
      return (models ??= createModels(connection));
    },
    uri,
    close,
  };
}
