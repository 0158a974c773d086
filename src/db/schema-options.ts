import mongoose, { type SchemaOptions } from 'mongoose';

/**
 * What every collection has in common: our own string ids, no version key, and an error where a field or a filter is
 * not in the schema. `sanitizeFilter` is set on the connection: operators in a filter must be our own, see `trusted`.
 */
export const schemaOptions = {
  _id: false,
  id: false,
  versionKey: false,
  strict: 'throw',
  strictQuery: 'throw',
  minimize: false,
  autoCreate: false,
  autoIndex: false,
} as const satisfies SchemaOptions;

/** Marks operators in a filter as ours: `{ status: trusted({ $in: [...] }) }`. Never for values from outside. */
export const trusted = <const T extends Record<string, unknown>>(operators: T): T => mongoose.trusted(operators);
