import { z } from 'zod';
import { ExactNumber } from '../lib/json/index.js';
import { parseForeignTime } from '../lib/foreign-time.js';

// For webhooks of other systems: their senders rarely can change what they send, and a refused webhook is lost.

/** An id of another system: text of 1 to `maxLength` characters, or a number, which becomes its digits. */
export const foreignId = (maxLength = 255) =>
  z
    .preprocess((value) => {
      if (value instanceof ExactNumber) return value.text;
      return typeof value === 'number' ? String(value) : value;
    }, z.string().min(1).max(maxLength))
    .meta({ override: { type: ['string', 'number'], minLength: 1, maxLength } });

/** An optional field for which null and an empty text mean that it is left out. */
export const leftOutIfEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());

/** A time in any usual form; anything else counts as left out. */
export const foreignTime = z
  .unknown()
  .transform((value) => parseForeignTime(value) ?? undefined)
  .meta({ override: { type: 'string', format: 'date-time' } });
