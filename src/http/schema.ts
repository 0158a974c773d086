import { z } from 'zod';

/** The path parameter of everything under an org. */
export const orgParams = z.object({ org: z.string() });

/** The path parameters of one of an org's things. */
export const orgItemParams = orgParams.extend({ id: z.string() });

/** A time in a request, with `Z` or an offset; parsed to a Date. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-01-01T00:00:00.000Z' })
  .transform((text) => new Date(text));

/** A time in an answer: ISO 8601 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime();

/** RFC 9457's document as we fill it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable: build on this one.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    missing: z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });
