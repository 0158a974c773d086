import type { z } from 'zod';
import { issueText } from '../lib/issue-text.js';
import { unprocessable, type ProblemDetail } from './problem.js';

/** Enough to mend a request; a body of a thousand wrong events would answer with more than it sent. */
const maxErrors = 100;
/** An unknown field's name is repeated to its sender, but not at any length. */
const maxSegmentLength = 100;

/**
 * Parses a value.
 * @throws Problem 422 `validation_failed` with all that is wrong, by dotted path
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { error: issueText });
  if (parsed.success) return parsed.data;
  throw unprocessable(problemDetails(parsed.error.issues));
}

/** zod's issues as a problem's `errors`. */
export function problemDetails(issues: readonly z.core.$ZodIssue[]): ProblemDetail[] {
  return issues.flatMap((issue) => detailsOf(issue, [])).slice(0, maxErrors);
}

/** `['events', 17, 'type']` → `events[17].type`. */
export function dottedPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((dotted, segment) => {
    if (typeof segment === 'number') return `${dotted}[${segment}]`;
    const name = String(segment).slice(0, maxSegmentLength);
    return dotted ? `${dotted}.${name}` : name;
  }, '');
}

function detailsOf(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): ProblemDetail[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: dottedPath([...path, key]), message: 'is not a known field' }));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors);
    if (nearest) return nearest.flatMap((inner) => detailsOf(inner, path));
  }
  return [{ path: dottedPath(path), message: issue.message }];
}

/** Of a union's branches, the one that the value comes closest to: most callers meant that one. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const distance = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return branches.filter((issues) => issues.length > 0).sort((a, b) => distance(a) - distance(b))[0];
}
