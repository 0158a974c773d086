import type { Model } from 'mongoose';
import type { Logger } from '../observability/logger.js';
import type { ApiKeyDoc } from './api-key-model.js';

const everyMs = 60_000;
const maxEntries = 10_000;

/** Notes when a key was used, at most once a minute, and without making the call wait or fail. */
export function createLastUsed(apiKeys: Model<ApiKeyDoc>, logger: Logger): (key: ApiKeyDoc) => void {
  const noted = new Map<string, number>();
  return (key) => {
    const now = Date.now();
    const last = Math.max(noted.get(key._id) ?? 0, key.last_used_at?.getTime() ?? 0);
    if (now - last < everyMs) return;
    if (noted.size >= maxEntries) noted.clear();
    noted.set(key._id, now);
    apiKeys
      .updateOne({ org_id: key.org_id, _id: key._id }, { $max: { last_used_at: new Date(now) } })
      .exec()
      .catch((err: unknown) => logger.debug({ err }, 'last_used_at could not be noted'));
  };
}
