import { unprocessable, type ProblemDetail } from '../../http/problem.js';
import { newId } from '../../lib/ids.js';
import { matchProblems } from './match.js';
import type { PolicyDoc } from './model.js';
import type { PolicyInput } from './schema.js';
import { stringifyJson } from '../../lib/json/index.js';

/** Enough to mend a request; a hundred policies could have twenty faults each. */
const maxErrors = 100;

/**
 * Policies as they are stored; those without an id are given one.
 * @throws Problem 422 with what is wrong with their matches, or with an id that is given twice
 */
export function acceptPolicies(inputs: readonly PolicyInput[]): PolicyDoc[] {
  const taken = new Set<string>();
  const errors = inputs.flatMap(({ id, match }, index): ProblemDetail[] => {
    const at = `policies[${index}]`;
    const repeated = id !== undefined && taken.has(id);
    if (id !== undefined) taken.add(id);
    return [
      ...(repeated ? [{ path: `${at}.id`, message: 'is given twice' }] : []),
      ...matchProblems(match, `${at}.match`),
    ];
  });
  if (errors.length > 0) throw unprocessable(errors.slice(0, maxErrors));
  return inputs.map(({ id, name, enabled, match, severity, title, kind }) => ({
    id: id ?? newId('pol'),
    name,
    enabled,
    match: stringifyJson(match),
    severity,
    title,
    kind,
  }));
}
