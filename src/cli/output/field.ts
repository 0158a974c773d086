import { CommandError } from '../errors.js';
import { isObject } from '../json.js';

/**
 * The values of some fields on one line, with a tab between them: texts as they are, everything else as JSON.
 * @param names with dots for fields of fields: `ticket.external_id`
 * @throws CommandError that lists the fields, for one that does not exist
 */
export const fieldsText = (value: unknown, names: readonly string[]): string =>
  names.map((name) => textOf(fieldOf(value, name))).join('\t');

function fieldOf(value: unknown, name: string): unknown {
  let current = value;
  for (const [index, part] of name.split('.').entries()) {
    if (!isObject(current) || !Object.hasOwn(current, part)) {
      const before = name.split('.').slice(0, index).join('.');
      const there = isObject(current) ? `Fields: ${Object.keys(current).join(', ')}.` : 'It has no fields.';
      throw new CommandError(
        `The call succeeded, but its answer has no field ${name}.${before ? ` ${before}:` : ''} ${there}`,
      );
    }
    current = current[part];
  }
  return current;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
