import type { Unmet } from '../../escalations/policies/trial.js';
import { jsonLine } from './json-field.js';

const wants: Record<string, (operand: string) => string> = {
  $eq: (operand) => `must be ${operand}`,
  $ne: (operand) => `must not be ${operand}`,
  $gt: (operand) => `must be more than ${operand}`,
  $gte: (operand) => `must be ${operand} or more`,
  $lt: (operand) => `must be less than ${operand}`,
  $lte: (operand) => `must be ${operand} or less`,
  $in: (operand) => `must be one of ${operand}`,
  $nin: (operand) => `must be none of ${operand}`,
  $exists: (operand) => (operand === 'true' ? 'must be there' : 'must not be there'),
  $not: (operand) => `must not be ${operand}`,
};

const longest = 80;

/** Why a condition does not hold, behind its field's name: `must be 80 or more; it is 40`. */
export function reasonOf({ field, operator, operand, found }: Unmet): string {
  if (field === null) {
    const count = Array.isArray(operand) ? operand.length : 0;
    return operator === '$or' ? `none of its ${count} conditions holds` : `one of its ${count} conditions holds`;
  }
  const want = wants[operator]?.(jsonLine(operand, longest)) ?? operator;
  const has = found.map(valueWords).join(', ');
  return `${want}; ${has === '' ? 'it is missing' : `it is ${has}`}`;
}

/** Only plain values are compared: of the others it is enough what they are. */
function valueWords(value: unknown): string {
  if (Array.isArray(value)) {
    const [plain, more] = [value.slice(0, mostElements).filter(isPlain), value.length > mostElements ? ', …' : ''];
    return plain.length === 0 ? `a list of ${value.length}` : `[${plain.map(valueWords).join(', ')}${more}]`;
  }
  if (!isPlain(value)) return 'an object';
  return typeof value === 'string' ? jsonLine(value.slice(0, longest), longest) : String(value);
}

const mostElements = 4;

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;
