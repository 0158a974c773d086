import { z } from 'zod';
import { checkCustomHeaders } from '../../http/client/custom-headers.js';

const maxHeaders = 20;

/** A custom header as it came: name and value in clear, for as long as the request takes. */
export interface HeaderInput {
  name: string;
  value: string;
}

/** Not zod's record: that drops `__proto__`, which is a good name of a header, without a word. */
export const headersInput = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object of names and values',
  })
  .transform((given, context): HeaderInput[] => {
    for (const { name, message } of problemsOf(given)) {
      context.addIssue({ code: 'custom', path: name === null ? [] : [name], message });
    }
    return Object.entries(given).map(([name, value]) => ({ name, value: String(value) }));
  });

function problemsOf(given: Record<string, unknown>): { name: string | null; message: string }[] {
  const entries = Object.entries(given);
  if (entries.length > maxHeaders) return [{ name: null, message: `must be ${maxHeaders} at most` }];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return [
    ...entries
      .filter(([, value]) => typeof value !== 'string')
      .map(([name]) => ({ name, message: 'must be a string' })),
    ...checkCustomHeaders(Object.fromEntries(texts)),
  ];
}
