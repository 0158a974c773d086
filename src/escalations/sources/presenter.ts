import type { SourceDoc } from './model.js';

/** @param publicUrl without a trailing slash */
export const presentSource = ({ _id, org_id, name, created_at }: SourceDoc, publicUrl: string) => ({
  id: _id,
  org_id,
  name,
  url: `${publicUrl}/api/v1/webhooks/sources/${_id}`,
  created_at: created_at.toISOString(),
});
