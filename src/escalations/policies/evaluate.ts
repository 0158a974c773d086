import { $and, $eq, $exists, $gt, $gte, $in, $lt, $lte, $ne, $nin, $nor, $not, $or, createQueryTester } from 'sift';
import type { Severity } from '../../tickets/severity.js';
import type { Match } from './match.js';

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

/** All that a match can use: sift knows nothing else here, whatever was stored. */
const operations = { $and, $or, $nor, $not, $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists };

export type FindPolicy = (data: unknown) => Policy | null;

/**
 * Prepares an org's policies for many events.
 * @param policies in the order in which they are asked
 * @returns a function that gives the first policy that an `event.created`'s data matches
 */
export function compilePolicies(policies: readonly Policy[]): FindPolicy {
  const testers = policies
    .filter(({ enabled }) => enabled)
    .map((policy) => ({ policy, matches: createQueryTester(policy.match, { operations }) }));
  return (data) => testers.find(({ matches }) => matches(data as object))?.policy ?? null;
}
