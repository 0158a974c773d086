import type { Model } from 'mongoose';
import { z } from 'zod';
import { trusted } from '../db/schema-options.js';
import { decodeCursor, page, type Page } from './paging.js';

const cursorShape = z.tuple([z.string()]);

/**
 * A page of a collection whose ids sort by time, newest first.
 * @param filter of values only, without one of `_id`; an index holds its fields and then `_id`
 * @throws Problem 422 for a cursor that is none of this list
 */
export async function newestPage<T extends { _id: string }>(
  model: Model<T>,
  filter: object,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<T>> {
  const before = cursor === undefined ? {} : { _id: trusted({ $lt: decodeCursor(cursor, cursorShape)[0] }) };
  const docs = await model
    .find({ ...filter, ...before })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean<T[]>()
    .exec();
  return page(docs, limit, (last) => [last._id]);
}
