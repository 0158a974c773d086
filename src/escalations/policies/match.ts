import type { ProblemDetail } from '../../http/problem.js';
import { ExactNumber } from '../../lib/json/index.js';

/** A condition on an event's data, in MongoDB's language; only what `matchProblems` finds nothing wrong with is stored. */
export type Match = Record<string, unknown>;

const deepest = 8;
const maxNodes = 100;
const maxTextLength = 1_000;
const tooLong = `must have at most ${maxTextLength} characters`;

const comparisons = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte']);
const lists = new Set(['$in', '$nin']);
const junctions = new Set(['$and', '$or', '$nor']);
const unsafeSegments = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether this key of a match holds conditions, and is not the name of a field. */
export const isJunction = (key: string): boolean => junctions.has(key);

/**
 * Says what is wrong with a match: operators outside the list, depth over 8, more than 100 nodes. What is left reads
 * fields and compares: it runs no code, and costs no more than its nodes.
 * @param path where the match stands in the request, such as `policies[0].match`
 */
export function matchProblems(match: unknown, path: string): ProblemDetail[] {
  const problems: ProblemDetail[] = [];
  let nodes = 0;

  const wrong = (at: string, message: string) => {
    if (problems.length < 20) problems.push({ path: at, message });
  };
  /** Counts a node; false when there have been too many, or it lies too deep: nothing below is looked at. */
  const enter = (at: string, depth: number): boolean => {
    nodes += 1;
    if (nodes === maxNodes + 1) wrong(path, `has more than ${maxNodes} nodes`);
    if (depth > deepest) wrong(at, `is more than ${deepest} levels deep`);
    return nodes <= maxNodes && depth <= deepest;
  };

  function condition(value: unknown, at: string, depth: number): void {
    if (!enter(at, depth)) return;
    if (!isObject(value)) {
      wrong(at, 'must be an object');
      return;
    }
    for (const [key, operand] of Object.entries(value)) {
      const here = `${at}.${key.slice(0, 100)}`;
      if (junctions.has(key)) junction(operand, here, depth + 1);
      else if (key.startsWith('$')) wrong(here, `is not one of ${[...junctions].join(', ')}`);
      else field(key, operand, here, depth + 1);
    }
  }

  function junction(operand: unknown, at: string, depth: number): void {
    if (!enter(at, depth)) return;
    if (!Array.isArray(operand) || operand.length === 0) {
      wrong(at, 'must be a list of one condition or more');
      return;
    }
    operand.forEach((one, index) => condition(one, `${at}[${index}]`, depth + 1));
  }

  function field(name: string, operand: unknown, at: string, depth: number): void {
    if (name.length > maxTextLength || name === '' || name.split('.').some((segment) => unsafeSegments.has(segment))) {
      wrong(at, name.length > maxTextLength ? tooLong : 'is not the name of a field');
      return;
    }
    if (isObject(operand)) operators(operand, at, depth);
    else scalar(operand, at, depth);
  }

  function operators(value: Record<string, unknown>, at: string, depth: number): void {
    if (!enter(at, depth)) return;
    const entries = Object.entries(value);
    if (entries.length === 0) wrong(at, 'must hold an operator, or be a text, a number, true, false or null');
    for (const [key, operand] of entries) {
      const here = `${at}.${key.slice(0, 100)}`;
      if (comparisons.has(key)) scalar(operand, here, depth + 1);
      else if (lists.has(key)) scalars(operand, here, depth + 1);
      else if (key === '$exists') boolean(operand, here, depth + 1);
      else if (key === '$not' && isObject(operand)) operators(operand, here, depth + 1);
      else if (key === '$not') wrong(here, 'must hold an operator');
      else wrong(here, 'is not an operator that a match may use; write nested fields with dots');
    }
  }

  function scalars(value: unknown, at: string, depth: number): void {
    if (!enter(at, depth)) return;
    if (!Array.isArray(value)) {
      wrong(at, 'must be a list');
      return;
    }
    value.forEach((one, index) => scalar(one, `${at}[${index}]`, depth + 1));
  }

  function scalar(value: unknown, at: string, depth: number): void {
    if (!enter(at, depth)) return;
    if (typeof value === 'string' && value.length > maxTextLength) wrong(at, tooLong);
    else if (value instanceof ExactNumber && value.text.length > maxTextLength) wrong(at, tooLong);
    else if (
      value !== null &&
      !(value instanceof ExactNumber) &&
      !['string', 'number', 'boolean'].includes(typeof value)
    ) {
      wrong(at, 'must be a text, a number, true, false or null');
    }
  }

  function boolean(value: unknown, at: string, depth: number): void {
    if (enter(at, depth) && typeof value !== 'boolean') wrong(at, 'must be true or false');
  }

  condition(match, path, 1);
  return problems;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
