import type { Model } from 'mongoose';
import type { ApiKeyDoc } from './api-key-model.js';

export interface KeyCache {
  /** The key with this hash, as it was at most two seconds ago; null when there is none. */
  find: (hash: string) => Promise<ApiKeyDoc | null>;
  /** Makes a deletion count at once in this process; others follow within two seconds. */
  forget: (hash: string) => void;
}

const freshMs = 2_000;
const maxEntries = 10_000;

/** Spares the database a read for each call, and bounds how long a deleted key can live on. */
export function createKeyCache(apiKeys: Model<ApiKeyDoc>): KeyCache {
  const entries = new Map<string, { found: Promise<ApiKeyDoc | null>; readAtMs: number }>();
  const find = (hash: string) => {
    const cached = entries.get(hash);
    if (cached && performance.now() - cached.readAtMs < freshMs) return cached.found;
    const entry = { found: apiKeys.findOne({ hash }).lean().exec(), readAtMs: performance.now() };
    entries.delete(hash);
    entries.set(hash, entry);
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    // Neither an unknown key nor a failure is worth remembering.
    const drop = () => {
      if (entries.get(hash) === entry) entries.delete(hash);
    };
    entry.found.then((key) => key ?? drop(), drop);
    return entry.found;
  };
  return { find, forget: (hash) => void entries.delete(hash) };
}
