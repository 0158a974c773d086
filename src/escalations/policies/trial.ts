import { conditionsOf, valuesAt, type Condition } from './conditions.js';
import { evaluateMatches, type Policy } from './evaluate.js';

/** A condition that does not hold, and what stands there instead. */
export interface Unmet extends Omit<Condition, 'match'> {
  /** The first few values at its field; none when it is missing. */
  found: unknown[];
}

/**
 * - `raises`: the first that matches
 * - `later`: it would, if none before it did
 * - `off`: it is not asked
 * - `no`: it does not match
 */
export type Outcome = 'raises' | 'later' | 'off' | 'no';

export interface PolicyTrial {
  policy: Policy;
  outcome: Outcome;
  matches: boolean;
  /** Why it does not match: the first few conditions that do not hold. */
  unmet: Unmet[];
  /** How many more of them there are. */
  unmetBesides: number;
}

const maxFound = 4;
/** Of one policy. Looking up what stands at a field costs as much as the data is long. */
const maxUnmet = 3;

/** What each policy makes of an `event.created`'s data, and why those that do not match don't. It changes nothing. */
export function tryPolicies(policies: readonly Policy[], data: unknown): PolicyTrial[] {
  const matching = evaluateMatches(
    policies.map(({ match }) => match),
    data,
  );
  const first = policies.findIndex(({ enabled }, index) => enabled && matching[index]);
  const unmet = unmetOf(
    policies.filter((_, index) => !matching[index]),
    data,
  );
  return policies.map((policy, index) => {
    const matches = matching[index] ?? false;
    const all = unmet.get(policy) ?? [];
    return {
      policy,
      matches,
      outcome: classifyAttempt(policy, matches, index === first),
      unmet: all.slice(0, maxUnmet).map(({ field, operator, operand }) => {
        return { field, operator, operand, found: field === null ? [] : valuesAt(data, field, maxFound) };
      }),
      unmetBesides: Math.max(0, all.length - maxUnmet),
    };
  });
}

function classifyAttempt({ enabled }: Policy, matches: boolean, isFirst: boolean): Outcome {
  if (!enabled) return 'off';
  if (!matches) return 'no';
  return isFirst ? 'raises' : 'later';
}

/** All conditions of all of them are asked at once: the data is read once more, however many there are. */
function unmetOf(policies: readonly Policy[], data: unknown): Map<Policy, Condition[]> {
  const asked = policies.flatMap((policy) => conditionsOf(policy.match).map((condition) => ({ policy, condition })));
  const holds = evaluateMatches(
    asked.map(({ condition }) => condition.match),
    data,
  );
  const unmet = new Map<Policy, Condition[]>(policies.map((policy) => [policy, []]));
  asked.forEach(({ policy, condition }, index) => {
    if (!holds[index]) unmet.get(policy)?.push(condition);
  });
  return unmet;
}
