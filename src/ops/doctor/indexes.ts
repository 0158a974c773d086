import { isDeepStrictEqual } from 'node:util';
import type { Connection, IndexDefinition, IndexOptions } from 'mongoose';
import { indexesOf, type StoredIndex } from '../../db/indexes.js';
import { bad, count, few, ok, type Finding } from './finding.js';

/** Compares the indexes that stand with those that the code wants, of every model of the connection. */
export async function checkIndexes(connection: Connection): Promise<Finding> {
  const id = 'mongodb.indexes';
  const compared = await Promise.all(
    Object.values(connection.models).map(async ({ schema, collection }) => {
      const there = await indexesOf(collection);
      return schema.indexes().map(([keys, options]) => {
        const difference = differenceOf(keys, options, there);
        return { difference, name: `${collection.collectionName}: ${options.name ?? describe(keys)}` };
      });
    }),
  );
  const wanted = compared.flat();
  const wrong = wanted.flatMap(({ name, difference }) => (difference === null ? [] : [`${name} (${difference})`]));
  if (wrong.length === 0) return ok(id, `All ${wanted.length} indexes are there.`);
  return bad(
    id,
    `${count(wrong.length, 'index is', 'indexes are')} not as the code wants: ${few(wrong)}.`,
    'Start the API or the worker again: each makes what is missing before it serves. One that differs is dropped by hand first; ' +
      'where a unique one cannot be made, there are documents that it forbids.',
  );
}

const describe = (keys: IndexDefinition) => Object.keys(keys).join(', ');

/** @returns null where it is as wanted */
function differenceOf(keys: IndexDefinition, options: IndexOptions, there: readonly StoredIndex[]): string | null {
  const asked = Object.entries(keys);
  const same = there.find((index) => isDeepStrictEqual(Object.entries(index.key), asked));
  if (!same) {
    const named = there.find(({ name }) => name !== undefined && name === options.name);
    return named ? `on ${Object.keys(named.key).join(', ')} instead` : 'missing';
  }
  if (Boolean(options.unique) !== Boolean(same.unique))
    return options.unique ? 'not unique' : 'unique, and should not be';
  if (options.expireAfterSeconds !== same.expireAfterSeconds)
    return `expires after ${same.expireAfterSeconds ?? 'never'} instead of ${options.expireAfterSeconds ?? 'never'} s`;
  if (!isDeepStrictEqual(plain(options.partialFilterExpression), plain(same.partialFilterExpression)))
    return 'of another part of the documents';
  return null;
}

const plain = (filter: unknown): unknown => JSON.parse(JSON.stringify(filter ?? null));
