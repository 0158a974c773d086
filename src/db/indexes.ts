import type { Connection, Model } from 'mongoose';

/**
 * Makes the indexes of every model of the connection, where they are missing, and brings times of retention up to date.
 * Uniqueness is what keeps tickets single, so nothing is served before they stand.
 */
export async function ensureIndexes(connection: Connection): Promise<void> {
  await Promise.all(
    Object.values(connection.models).map(async (model) => {
      await changeRetention(model);
      await model.createIndexes();
    }),
  );
}

type Stored = Pick<Model<unknown>, 'schema' | 'collection' | 'db'>;

/** MongoDB refuses to make an index anew that expires at another time: it is to be changed where it stands. */
async function changeRetention({ schema, collection, db }: Stored): Promise<void> {
  const wanted = schema.indexes().flatMap(([, { name, expireAfterSeconds }]) => {
    return name === undefined || expireAfterSeconds === undefined ? [] : [{ name, expireAfterSeconds }];
  });
  if (wanted.length === 0) return;
  const there = new Map((await indexesOf(collection)).map((index) => [index.name, index.expireAfterSeconds]));
  for (const index of wanted) {
    const current = there.get(index.name);
    if (current === undefined || current === index.expireAfterSeconds) continue;
    await db.db?.command({ collMod: collection.collectionName, index });
  }
}

const namespaceNotFound = 26;

/** An index as it stands. */
export interface StoredIndex {
  name?: string;
  key: Record<string, unknown>;
  unique?: boolean;
  expireAfterSeconds?: number;
  partialFilterExpression?: object;
}

/** @returns none where there is no such collection yet */
export async function indexesOf(collection: Stored['collection']): Promise<StoredIndex[]> {
  try {
    return await collection.indexes();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === namespaceNotFound) return [];
    throw error;
  }
}
