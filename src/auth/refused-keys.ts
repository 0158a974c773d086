import type { CallOrigin } from '../http/credentials.js';
import type { Logger } from '../observability/logger.js';
import type { ApiKeyDoc } from './api-key-model.js';
import type { Audit } from './audit/audit.js';

const everyMs = 60_000;
const maxEntries = 10_000;

/**
 * Puts on record that a revoked or expired key is still in use: at most once a minute for each key and process, and without
 * making the call wait or fail.
 */
export function createRefusedKeys(audit: Audit, logger: Logger): (key: ApiKeyDoc, from: CallOrigin | null) => void {
  const noted = new Map<string, number>();
  return (key, from) => {
    const now = Date.now();
    if (now - (noted.get(key._id) ?? 0) < everyMs) return;
    if (noted.size >= maxEntries) noted.clear();
    noted.set(key._id, now);
    const { _id: id, name, org_id } = key;
    // A console session brings no address: it is only found to have ended.
    const source = {
      ...{ kind: from ? ('api' as const) : ('console' as const), session: null },
      ...{ address: from?.address ?? null, requestId: from?.requestId ?? null },
    };
    audit
      .recordFrom(org_id, { id, name, via: id }, source, {
        action: key.revoked_at ? 'api_key.used_after_revocation' : 'api_key.used_after_expiry',
        outcome: 'refused',
        subject: { type: 'api_key', id, name },
      })
      .catch((err: unknown) => logger.warn({ err, key: id }, 'the use of an ended key could not be put on record'));
  };
}
