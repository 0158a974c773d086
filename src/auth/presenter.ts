import type { ApiKeyDoc } from './api-key-model.js';
import type { OrgDoc } from './org-model.js';

export function presentOrg(org: OrgDoc) {
  return {
    id: org._id,
    name: org.name,
    created_at: org.created_at.toISOString(),
    updated_at: org.updated_at.toISOString(),
  };
}

export function presentApiKey(key: ApiKeyDoc) {
  return {
    id: key._id,
    org_id: key.org_id,
    name: key.name,
    prefix: key.prefix,
    permissions: key.permissions,
    acts_as: key.acts_as && { id: key.acts_as.id, name: key.acts_as.name, email: key.acts_as.email ?? null },
    may_act: key.may_act,
    expires_at: key.expires_at?.toISOString() ?? null,
    last_used_at: key.last_used_at?.toISOString() ?? null,
    created_at: key.created_at.toISOString(),
  };
}
