import type { Model } from 'mongoose';
import { isDuplicateKey } from './errors.js';

/**
 * Inserts those that are not there yet, in one call.
 * @returns those whose key is there already
 * @throws the error itself, when it is about anything else as well: what is not there is not to be taken for done
 */
export async function insertMissing<T>(model: Model<T>, docs: readonly T[]): Promise<T[]> {
  if (docs.length === 0) return [];
  try {
    // Lean: they were made here, field by field, and nothing is to be cast.
    await model.insertMany(docs, { lean: true, ordered: false });
    return [];
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const { writeErrors } = error as { writeErrors?: unknown };
    const refused = [writeErrors].flat() as { index?: unknown }[];
    return refused.flatMap(({ index }) => (typeof index === 'number' && index in docs ? [docs[index] as T] : []));
  }
}
