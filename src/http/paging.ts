import { z } from 'zod';
import { example } from './example-values.js';
import { unprocessable } from './problem.js';

const maxLimit = 200;
const defaultLimit = 50;

/** The query of every list: spread it into the route's own `z.strictObject({ ...pagingQuery })`. */
export const pagingQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be a whole number from 1 to ${maxLimit}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= maxLimit, `must be from 1 to ${maxLimit}`)
    .default(defaultLimit)
    .meta({
      override: { type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit, pattern: undefined },
      description: 'How many entries a page has at most.',
      param: { id: 'Limit' },
    }),
  cursor: z
    .string()
    .max(1000)
    .optional()
    .meta({
      description: 'Where the page begins: the `next_cursor` of the page before.',
      examples: [example.cursor],
      param: { id: 'Cursor' },
    }),
};

/** One page as it is answered. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** The schema of a page, for a route's `responses`. Call it once for each kind of entry. @param id the component's name, such as `OrgList` */
export const pageOf = <S extends z.ZodType>(item: S, id: string) =>
  z
    .object({
      data: z.array(item).meta({ description: 'The entries of this page.' }),
      next_cursor: z
        .string()
        .nullable()
        .meta({ description: 'Send it as `cursor` for the next page; null on the last page.' }),
    })
    .meta({ id, description: 'One page of a list.' });

/** Hides where a page ended: callers hand it back and build nothing on what it holds. Dates go in as ISO strings. */
export const encodeCursor = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');

/**
 * Reads a cursor back.
 * @param shape what `encodeCursor` was given, as a tuple
 * @throws Problem 422 for anything that is not one of ours
 */
export function decodeCursor<S extends z.ZodType>(text: string, shape: S): z.output<S> {
  const parsed = shape.safeParse(parsedOrUndefined(text));
  if (!parsed.success) throw unprocessable([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  return parsed.data;
}

/**
 * Cuts a page.
 * @param docs what was found with `limit + 1`: the one too many says that there is a next page
 */
export function page<T>(docs: readonly T[], limit: number, toCursor: (last: T) => unknown[]): Page<T> {
  const data = docs.slice(0, limit);
  const last = data.at(-1);
  const more = docs.length > limit && last !== undefined;
  return { data, next_cursor: more ? encodeCursor(toCursor(last)) : null };
}

function parsedOrUndefined(text: string): unknown {
  try {
    return /^[\w-]+$/.test(text) ? JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}
