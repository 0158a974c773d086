import type { PolicyDoc } from './model.js';

const fields = ['name', 'enabled', 'match', 'severity', 'title', 'kind'] as const;

/**
 * What an audit record says of a PUT: `policies.pol_1` for one added or removed, else `policies.pol_1.match`; only
 * `policies` when those that stayed are in another order.
 */
export function changedFields(before: readonly PolicyDoc[], after: readonly PolicyDoc[]): string[] {
  const former = new Map(before.map((policy) => [policy.id, policy]));
  const now = new Set(after.map(({ id }) => id));
  const changed = after.flatMap((policy) => {
    const old = former.get(policy.id);
    if (!old) return [`policies.${policy.id}`];
    return fields.filter((field) => old[field] !== policy[field]).map((field) => `policies.${policy.id}.${field}`);
  });
  const removed = before.filter(({ id }) => !now.has(id)).map(({ id }) => `policies.${id}`);
  const stayed = before.map(({ id }) => id).filter((id) => now.has(id));
  const reordered = after.filter(({ id }) => former.has(id)).some(({ id }, index) => id !== stayed[index]);
  return [...(reordered ? ['policies'] : []), ...changed, ...removed];
}
