import type { Policy } from './evaluate.js';
import type { Match } from './match.js';
import type { PoliciesDoc, PolicyDoc } from './model.js';
import { parseJsonExactly } from '../../lib/json/index.js';

export const presentPolicies = ({ policies }: Pick<PoliciesDoc, 'policies'>) => ({ policies: policies.map(toPolicy) });

/** A stored policy with its match as a condition again. It is also how it is shown: all of it is public to its org. */
export const toPolicy = ({ id, name, enabled, match, severity, title, kind }: PolicyDoc): Policy => ({
  id,
  name,
  enabled,
  match: parseJsonExactly(match) as Match,
  severity,
  title,
  kind,
});
