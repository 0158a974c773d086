import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import { openTarget, type Target } from './target.js';

export interface EndpointCache {
  /** As it was last read; null when it is gone, undefined when it was never read. */
  get: (id: string) => Target | null | undefined;
  /** Whether it is known as of this version, or a later one; and can be sent to. */
  isCurrent: (id: string, version: number) => boolean;
  /** Reads which of these have changed, and those that have. Two queries at most. */
  refresh: (ids: readonly string[]) => Promise<void>;
  /** Keeps these, and lets go of the others with their secrets. */
  keepOnly: (isNeeded: (id: string) => boolean) => void;
}

/** Endpoints by version: what is sealed is opened once for each change. */
export function createEndpointCache({
  endpoints,
  cipher,
}: {
  endpoints: Model<EndpointDoc>;
  cipher: Pick<Cipher, 'decrypt'>;
}): EndpointCache {
  const targets = new Map<string, Target | null>();

  function isCurrent(id: string, version: number | undefined, at = new Date()): boolean {
    const known = targets.get(id);
    if (version === undefined) return known === null;
    // One that could not be opened is tried again: its key may be back.
    if (!known?.opened || known.version < version) return false;
    return known.secretsUntil === null || known.secretsUntil > at.getTime();
  }

  return {
    get: (id) => targets.get(id),
    isCurrent,
    async refresh(ids) {
      if (ids.length === 0) return;
      const filter = { _id: trusted({ $in: [...ids] }) };
      const read = await endpoints.find(filter, { version: 1 }).lean<Pick<EndpointDoc, '_id' | 'version'>[]>().exec();
      const versions = new Map(read.map(({ _id, version }) => [_id, version]));
      const at = new Date();
      const stale = ids.filter((id) => !isCurrent(id, versions.get(id), at));
      if (stale.length === 0) return;
      const found = await endpoints
        .find({ _id: trusted({ $in: stale }) })
        .lean<EndpointDoc[]>()
        .exec();
      const byId = new Map(found.map((endpoint) => [endpoint._id, endpoint]));
      for (const id of stale) {
        const endpoint = byId.get(id);
        targets.set(id, endpoint ? openTarget(endpoint, cipher, at) : null);
      }
    },
    keepOnly(isNeeded) {
      for (const id of targets.keys()) if (!isNeeded(id)) targets.delete(id);
    },
  };
}
