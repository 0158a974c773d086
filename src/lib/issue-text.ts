import type { z } from 'zod';

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a time',
};
const formatNames: Record<string, string> = {
  datetime: 'a time such as 2026-01-01T00:00:00Z',
  url: 'a URL',
  email: 'an e-mail address',
};
const units: Record<string, string> = { string: 'characters', array: 'entries', set: 'entries', map: 'entries' };

/**
 * What is wrong with a value, as a sentence without its subject: `must have at most 500 characters`. For issues whose schema has no
 * message of its own; zod's are for programmers.
 */
export const issueText: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sizeText(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return sizeText(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_format':
      return `must be ${formatNames[issue.format] ?? 'of another form'}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'has none of the forms that are allowed here';
    default:
      return undefined;
  }
};

function sizeText(origin: string, bound: string, limit: number | bigint): string {
  const unit = units[origin];
  if (unit === undefined) return `must be ${bound} ${limit}`;
  if (bound === 'at least' && Number(limit) === 1) return 'must not be empty';
  return `must have ${bound} ${limit} ${unit}`;
}
