import type { Model } from 'mongoose';
import { notFound } from '../http/problem.js';
import type { RequireOrgAccess } from '../http/credentials.js';
import type { OrgDoc } from './org-model.js';

const knownForMs = 5_000;
const maxEntries = 10_000;

/** Keeps orgs apart: to a key, another org and no org look the same. */
export function createOrgAccess(orgs: Model<OrgDoc>): RequireOrgAccess {
  const knownUntilMs = new Map<string, number>();
  return async (caller, orgId) => {
    if (caller.kind === 'key') {
      if (caller.orgId !== orgId) throw notFound('org');
      return;
    }
    if (performance.now() < (knownUntilMs.get(orgId) ?? 0)) return;
    if (!(await orgs.exists({ _id: orgId }))) throw notFound('org');
    if (knownUntilMs.size >= maxEntries) knownUntilMs.clear();
    knownUntilMs.set(orgId, performance.now() + knownForMs);
  };
}
