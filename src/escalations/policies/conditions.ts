import { isJunction, type Match } from './match.js';
import { ExactNumber } from '../../lib/json/index.js';

/** One of the conditions that all have to hold for a match to. */
export interface Condition {
  /** With dots; null for `$or` and `$nor`, which ask several. */
  field: string | null;
  operator: string;
  operand: unknown;
  /** It alone, as a match. */
  match: Match;
}

/** A match as the conditions that it asks for together: what `$and` holds stands beside the others. */
export function conditionsOf(match: Match): Condition[] {
  return Object.entries(match).flatMap(([key, operand]): Condition[] => {
    if (key === '$and') return (operand as Match[]).flatMap(conditionsOf);
    if (isJunction(key)) return [{ field: null, operator: key, operand, match: alone(key, operand) }];
    if (typeof operand !== 'object' || operand === null || operand instanceof ExactNumber) {
      return [{ field: key, operator: '$eq', operand, match: alone(key, operand) }];
    }
    return Object.entries(operand).map(([operator, value]: [string, unknown]) => ({
      field: key,
      operator,
      operand: value,
      match: alone(key, alone(operator, value)),
    }));
  });
}

const alone = (key: string, value: unknown): Match => Object.fromEntries([[key, value]]);

/**
 * What stands at a field: through arrays, as a match reads it.
 * @param path with dots
 * @param most how many are enough: it looks no further
 */
export function valuesAt(data: unknown, path: string, max: number): unknown[] {
  const found: unknown[] = [];
  for (const value of valuesBelow(data, path.split('.'), 0)) {
    found.push(value);
    if (found.length === max) break;
  }
  return found;
}

/** @param depth how many of the names lead here */
function* valuesBelow(value: unknown, names: readonly string[], depth: number): Generator {
  const name = names[depth];
  if (name === undefined) yield value;
  else if (Array.isArray(value)) {
    const elements: unknown[] = value;
    if (/^\d+$/.test(name) && Object.hasOwn(elements, name))
      yield* valuesBelow(elements[Number(name)], names, depth + 1);
    for (const element of elements) if (!Array.isArray(element)) yield* valuesBelow(element, names, depth);
  } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) {
    yield* valuesBelow((value as Record<string, unknown>)[name], names, depth + 1);
  }
}
