import type { Model } from 'mongoose';
import { createSharedReads } from '../../db/shared-reads.js';
import { trusted } from '../../db/schema-options.js';
import type { Audit } from '../../auth/audit/audit.js';
import type { ContentOf, Versioned } from '../../auth/settings/document.js';
import { createReplaceSettings, type ReplacedBy } from '../../auth/settings/replace.js';
import { createSettingsStore } from '../../auth/settings/store.js';
import { acceptPolicies } from './accept.js';
import { changedFields } from './changes.js';
import { compilePolicies, type FindPolicy } from './evaluate.js';
import { createFinders } from './finders.js';
import type { PoliciesDoc } from './model.js';
import { toPolicy } from './presenter.js';
import type { PolicyInput } from './schema.js';

export type Policies = Versioned<ContentOf<PoliciesDoc>>;

export interface PolicyService {
  get: (orgId: string) => Promise<Policies>;
  /**
   * Replaces all policies. Without If-Match the last one wins, whole.
   * @throws Problem 412 when If-Match names another version, 422 for matches that are not allowed
   */
  replace: (orgId: string, policies: readonly PolicyInput[], by: ReplacedBy) => Promise<Policies>;
  /** What finds an event's policy, as the org's policies are now. Ask once for many events. */
  finderOf: (orgId: string) => Promise<FindPolicy>;
}

export interface PolicyServiceDeps {
  policies: Model<PoliciesDoc>;
  audit: Audit;
}

export function createPolicyService({ policies: model, audit }: PolicyServiceDeps): PolicyService {
  const store = createSettingsStore({ model, empty: { policies: [] } });
  const replace = createReplaceSettings({ store, audit, name: 'escalation_policies' });
  const finders = createFinders();
  const versionOf = createSharedReads(async (orgIds) => {
    const stored = await model
      .find({ _id: trusted({ $in: orgIds }) }, { version: 1 })
      .lean()
      .exec();
    return new Map(stored.map(({ _id, version }) => [_id, version]));
  });
  return {
    get: (orgId) => store.find(orgId),
    replace: (orgId, inputs, by) =>
      replace(orgId, by, (current) => {
        const policies = acceptPolicies(inputs);
        return { content: { policies }, changed: changedFields(current.policies, policies) };
      }),
    async finderOf(orgId) {
      const known = finders.get(orgId, (await versionOf(orgId)) ?? 0);
      if (known) return known;
      const { version, policies } = await store.find(orgId);
      const find = compilePolicies(policies.map(toPolicy));
      finders.put(orgId, { version, find, characters: policies.reduce((sum, { match }) => sum + match.length, 0) });
      return find;
    },
  };
}
