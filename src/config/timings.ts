import { timingGroups, type Timings } from './timing-groups.js';
import { timingRules } from './timing-rules.js';

export type { Timings } from './timing-groups.js';

/**
 * Every duration of the product that a test or an operator may want to change: intervals, leases, grace periods and
 * timeouts. All fields are optional in the input; what is left out has its default. Names that don't exist, values out
 * of range and combinations that cannot work are refused.
 */
export const timingsSchema = timingGroups.superRefine((timings, context) => {
  for (const { path, holds, otherwise } of timingRules) {
    if (!holds(timings)) context.addIssue({ code: 'custom', path, message: otherwise });
  }
});

/** What production runs with. */
export const defaultTimings: Timings = timingsSchema.parse({});
