import { asError } from './rows.js';

/**
 * A value for a term of an encoded query. `^` begins a new term, and an empty value would match every record without
 * one.
 * @throws ProviderError, final: `bad_query_value`
 */
export function queryValue(value: string): string {
  if (value !== '' && !/[\^\p{Cc}]/u.test(value)) return value;
  const why = value === '' ? 'an empty value matches too much' : '`^` and control characters have a meaning in it';
  throw asError('bad_query_value', `This cannot be looked for in ServiceNow: ${why}.`);
}

/** Terms that all have to hold; each is `field`, operator and value as one text. */
export const allOf = (...terms: string[]): string => terms.join('^');
