import { compareDecimals, decimalKey, decimalOf, ExactNumber } from '../../lib/json/index.js';
import type { FieldNode } from './field-tree.js';

/** A value that has an order among those of its JSON type. */
export type Ordered = string | number | boolean | ExactNumber;

export interface Range {
  least: Ordered;
  greatest: Ordered;
}

/** What an event's data holds at the fields of a tree: no lists of values, only what the operators want to know. */
export interface EventFields {
  exists: (field: FieldNode) => boolean;
  /** Whether it is null, or missing where it could have been. */
  isNullish: (field: FieldNode) => boolean;
  /** Whether it has this value, or an element with it. @param constant one of the node's constants */
  holds: (field: FieldNode, constant: unknown) => boolean;
  /** Its least and greatest value of a type. */
  range: (field: FieldNode, type: string) => Range | undefined;
}

interface Reading {
  /** How often it was found as a field: as an element of an array it does not count. */
  found: number;
  /** How many of its values could have had the fields below: all but arrays, whose elements count instead. */
  owners: number;
  hasNull: boolean;
  seen: Set<unknown>;
  /** Like `seen`, for numbers that no double holds: by `decimalKey`. */
  seenExact: Set<string>;
  ranges: Map<string, Range>;
}

/**
 * Reads a tree's fields out of an event's data in one walk. It looks at each value once for each path that leads there,
 * so its cost follows the size of the data, and policies and their conditions do not multiply it; no depth overflows
 * the stack. As in MongoDB, paths lead through arrays: `a.b` is the `b` of each of `a`'s elements.
 */
export function readFields(root: FieldNode, data: unknown): EventFields {
  const readings = new Map<FieldNode, Reading>();
  const inside: { node: FieldNode; value: object; isElement: boolean }[] = [];

  const visit = (node: FieldNode, value: unknown, isElement: boolean) => {
    let reading = readings.get(node);
    if (!reading) readings.set(node, (reading = newReading()));
    if (!isElement) reading.found += 1;
    if (!Array.isArray(value)) reading.owners += 1;
    if (typeof value === 'object' && value !== null && !(value instanceof ExactNumber)) {
      inside.push({ node, value, isElement });
    } else if (node.isAsked) note(reading, value, node);
  };

  const enterArray = (node: FieldNode, list: readonly unknown[], isElement: boolean) => {
    for (const element of list) visit(node, element, true);
    if (isElement) return;
    // Whichever of the two is shorter, or many short arrays under many paths would cost their product.
    const indexes = list.length < node.indexes.size ? list.keys() : node.indexes.keys();
    for (const index of indexes) {
      const child = node.indexes.get(index);
      if (child && index < list.length) visit(child, list[index], false);
    }
  };

  const enterObject = (node: FieldNode, owner: Record<string, unknown>, isElement: boolean) => {
    if (node.children.size === 0) return;
    for (const name of Object.keys(owner)) {
      const child = node.children.get(name);
      if (child && !(isElement && child.isIndex)) visit(child, owner[name], false);
    }
  };

  visit(root, data, false);
  for (let next = inside.pop(); next; next = inside.pop()) {
    const { node, value, isElement } = next;
    if (Array.isArray(value)) enterArray(node, value, isElement);
    else enterObject(node, value as Record<string, unknown>, isElement);
  }

  const foundAt = (node: FieldNode) => readings.get(node)?.found ?? 0;
  /** Whether something that could have had it had it not. */
  const isMissing = (field: FieldNode): boolean => {
    for (let at = field; at.parent !== null; at = at.parent) {
      const could = at.isIndex ? foundAt(at.parent) : (readings.get(at.parent)?.owners ?? 0);
      if (foundAt(at) < could) return true;
    }
    return false;
  };
  return {
    exists: (field) => foundAt(field) > 0,
    isNullish: (field) => readings.get(field)?.hasNull === true || isMissing(field),
    holds: (field, constant) => {
      const reading = readings.get(field);
      if (reading === undefined) return false;
      return constant instanceof ExactNumber
        ? reading.seenExact.has(decimalKey(constant.decimal))
        : reading.seen.has(constant);
    },
    range: (field, type) => readings.get(field)?.ranges.get(type),
  };
}

const newReading = (): Reading => ({
  found: 0,
  owners: 0,
  hasNull: false,
  seen: new Set(),
  seenExact: new Set(),
  ranges: new Map(),
});

function note(reading: Reading, value: unknown, { constants, exactConstants }: FieldNode): void {
  if (value === null) reading.hasNull = true;
  if (!isOrdered(value)) return;
  if (value instanceof ExactNumber) {
    // Without such a constant, the key of a number with a thousand digits is not worth making.
    const key = exactConstants.size === 0 ? null : decimalKey(value.decimal);
    if (key !== null && exactConstants.has(key)) reading.seenExact.add(key);
  } else if (constants.has(value)) reading.seen.add(value);
  const type = jsonTypeOf(value);
  const range = reading.ranges.get(type);
  if (!range) reading.ranges.set(type, { least: value, greatest: value });
  else if (compareOrdered(value, range.least) < 0) range.least = value;
  else if (compareOrdered(value, range.greatest) > 0) range.greatest = value;
}

const isOrdered = (value: unknown): value is Ordered =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof ExactNumber;

/** The type that values are compared within: `number` for an `ExactNumber` too. */
export const jsonTypeOf = (value: unknown): string => (value instanceof ExactNumber ? 'number' : typeof value);

/**
 * Compares two values of one JSON type; numbers as the decimals that the sender wrote, not as doubles.
 * @returns a negative number when `a` is less than `b`, 0 when they are equal, else a positive one
 */
export function compareOrdered(a: Ordered, b: Ordered): number {
  if (a instanceof ExactNumber || b instanceof ExactNumber) return compareDecimals(decimal(a), decimal(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const decimal = (value: Ordered) => (value instanceof ExactNumber ? value.decimal : decimalOf(String(value)));
