import { createRequire } from 'node:module';
import type * as Sift from 'sift';
import type { Severity } from '../../lib/severity.js';
import { addConstant, createFieldTree, fieldAt, type FieldNode } from './field-tree.js';
import { isJunction, type Match } from './match.js';
import { compareOrdered, jsonTypeOf, readFields, type EventFields, type Ordered, type Range } from './read-fields.js';
import { ExactNumber } from '../../lib/json/index.js';

// The package is CommonJS in a wrapper that Node cannot read names out of.
const sift = createRequire(import.meta.url)('sift') as typeof Sift;
const { $and, $nor, $not, $or, createEqualsOperation, createQueryTester } = sift;

/** A rule that makes an event an escalation. */
export interface Policy {
  id: string;
  name: string;
  enabled: boolean;
  match: Match;
  severity: Severity;
  title: string | null;
  kind: 'review' | 'approval';
}

export type FindPolicy = (data: unknown) => Policy | null;

/**
 * Prepares an org's policies for many events.
 * @param policies in the order in which they are asked
 * @returns a function that gives the first policy that an `event.created`'s data matches
 */
export function compilePolicies(policies: readonly Policy[]): FindPolicy {
  const enabled = policies.filter((policy) => policy.enabled);
  const { root, testers } = compile(enabled.map(({ match }) => match));
  return (data) => {
    const fields = readFields(root, data);
    return enabled[testers.findIndex((matches) => matches(fields))] ?? null;
  };
}

/** Whether each of these matches an `event.created`'s data, in their order. */
export function evaluateMatches(matches: readonly Match[], data: unknown): boolean[] {
  const { root, testers } = compile(matches);
  const fields = readFields(root, data);
  return testers.map((test) => test(fields));
}

/** All of them read the same tree, so that data is walked through once. */
function compile(matches: readonly Match[]) {
  const root = createFieldTree();
  const testers = matches.map((match) => createQueryTester(condition(root, match), { operations }));
  return { root, testers };
}

/** What an operator is given: the field that it is asked of, and what it compares with. */
interface Operand {
  field: FieldNode;
  value: unknown;
}

/**
 * Makes one of our operators. sift's own would visit every element of an array for every operator, and take seconds for
 * a hundred of them on an event of 256 KiB; these look up what was read once.
 */
const operator =
  (test: (fields: EventFields, field: FieldNode, value: unknown) => boolean): typeof createEqualsOperation =>
  ({ field, value }: Operand, query, options) =>
    createEqualsOperation((fields: EventFields) => test(fields, field, value), query, options);

const isEqual = (fields: EventFields, field: FieldNode, value: unknown) =>
  value === null ? fields.isNullish(field) : fields.holds(field, value);

const isIn = (fields: EventFields, field: FieldNode, values: unknown) =>
  (values as unknown[]).some((value) => isEqual(fields, field, value));

/** As in MongoDB, only values of one type are compared; null is neither less nor greater than anything. */
const ordered = (test: (range: Range, limit: Ordered) => boolean, orEqual: boolean) =>
  operator((fields, field, value) => {
    if (value === null) return orEqual && fields.isNullish(field);
    const range = fields.range(field, jsonTypeOf(value));
    return range !== undefined && test(range, value as Ordered);
  });

/** All that a match can use: sift knows nothing else here, whatever was stored. */
const operations = {
  $and,
  $or,
  $nor,
  $not,
  $eq: operator(isEqual),
  $ne: operator((...asked) => !isEqual(...asked)),
  $in: operator(isIn),
  $nin: operator((...asked) => !isIn(...asked)),
  $gt: ordered(({ greatest }, limit) => compareOrdered(greatest, limit) > 0, false),
  $gte: ordered(({ greatest }, limit) => compareOrdered(greatest, limit) >= 0, true),
  $lt: ordered(({ least }, limit) => compareOrdered(least, limit) < 0, false),
  $lte: ordered(({ least }, limit) => compareOrdered(least, limit) <= 0, true),
  $exists: operator((fields, field, value) => fields.exists(field) === value),
};

type Query = Record<string, unknown>;

/** A match as sift is to see it: no names of fields, but nodes of the tree beside the operators' values. */
function condition(root: FieldNode, match: Match): Query {
  const parts = Object.entries(match).map(([key, operand]): Query => {
    if (isJunction(key)) return { [key]: (operand as Match[]).map((one) => condition(root, one)) };
    if (key.startsWith('$')) return { [key]: operand };
    const isPlain = typeof operand !== 'object' || operand === null || operand instanceof ExactNumber;
    return operators(fieldAt(root, key), isPlain ? { $eq: operand } : (operand as Query));
  });
  return parts.length === 0 ? {} : { $and: parts };
}

function operators(field: FieldNode, query: Query): Query {
  const parts = Object.entries(query).map(([key, value]) => {
    if (key === '$not') return [key, operators(field, value as Query)];
    for (const constant of [value].flat()) addConstant(field, constant);
    return [key, { field, value } satisfies Operand];
  });
  return Object.fromEntries(parts) as Query;
}
