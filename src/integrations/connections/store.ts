import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { trusted } from '../../db/schema-options.js';
import { newestPage } from '../../http/newest-page.js';
import type { Page } from '../../http/paging.js';
import type { ConnectionDoc } from './model.js';

/** What may change of a connection. */
export type ConnectionChange = Partial<
  Pick<ConnectionDoc, 'name' | 'settings' | 'secrets' | 'severity_map' | 'status_map' | 'field_map' | 'default_since'>
>;

/** A deletion comes to its end within this time or not at all, and one that died keeps tickets away for longer: clocks differ. */
const endsWithinMs = 10_000;
const keepsAwayMs = 30_000;

export type ConnectionStore = ReturnType<typeof createConnectionStore>;

/** Connections in MongoDB, each change one document's. */
export function createConnectionStore(connections: Model<ConnectionDoc>) {
  const after = { returnDocument: 'after' } as const;
  const live = (org_id: string) => ({ org_id, deleted_at: null });

  async function defaultOf(orgId: string): Promise<ConnectionDoc | null> {
    const all = await connections
      .find({ ...live(orgId), default_since: trusted({ $ne: null }) })
      .lean<ConnectionDoc[]>()
      .exec();
    return all.sort(laterFirst)[0] ?? null;
  }

  return {
    /** Whichever org's, deleted ones too. */
    find: (id: string) => connections.findById(id).lean<ConnectionDoc | null>().exec(),
    findIn: (orgId: string, id: string) =>
      connections
        .findOne({ ...live(orgId), _id: id })
        .lean<ConnectionDoc | null>()
        .exec(),
    list: (orgId: string, query: { limit: number; cursor?: string | undefined }): Promise<Page<ConnectionDoc>> =>
      newestPage(connections, live(orgId), query),
    all: (orgId: string) => connections.find(live(orgId)).lean<ConnectionDoc[]>().exec(),
    count: (orgId: string) => connections.countDocuments(live(orgId)).exec(),
    defaultOf,

    /** @returns false when one of this id is there, from a try before a crash */
    async insert(connection: ConnectionDoc): Promise<boolean> {
      try {
        await connections.create(connection);
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    /** Compare-and-set on the version that was read. @returns null when there is another by now, or none */
    change({ org_id, _id, version }: ConnectionDoc, change: ConnectionChange): Promise<ConnectionDoc | null> {
      const set = { ...change, version: version + 1, updated_at: new Date() };
      return connections
        .findOneAndUpdate({ ...live(org_id), _id, version }, { $set: set }, after)
        .lean<ConnectionDoc | null>()
        .exec();
    },

    /** Former defaults that this one stands before: without it none of them is to be it again. */
    async clearOlderDefaults({ org_id, _id, default_since }: ConnectionDoc): Promise<void> {
      if (default_since === null) return;
      const older = { default_since: trusted({ $lte: default_since }), _id: trusted({ $ne: _id }) };
      await connections.updateMany({ ...live(org_id), ...older }, { $set: { default_since: null } });
    },

    /** From here on it is not chosen for new tickets. */
    markEnding: (orgId: string, id: string, at: Date) =>
      connections
        .findOneAndUpdate({ ...live(orgId), _id: id }, { $set: { ending_at: at } }, after)
        .lean<ConnectionDoc | null>()
        .exec(),
    async unmarkEnding({ org_id, _id, ending_at }: ConnectionDoc): Promise<void> {
      await connections.updateOne({ ...live(org_id), _id, ending_at }, { $set: { ending_at: null } });
    },

    /** Ends what was marked, as long as the mark keeps tickets away. @returns null when it does not any more */
    end({ org_id, _id, ending_at }: ConnectionDoc): Promise<ConnectionDoc | null> {
      const now = new Date();
      if (!ending_at || now.getTime() - ending_at.getTime() > endsWithinMs) return Promise.resolve(null);
      const secrets = { api_token: null, client_secret: null, webhook_secret: null };
      const set = { deleted_at: now, updated_at: now, default_since: null, secrets };
      return connections
        .findOneAndUpdate({ ...live(org_id), _id, ending_at }, { $set: set, $inc: { version: 1 } }, after)
        .lean<ConnectionDoc | null>()
        .exec();
    },
  };
}

/** Whether it gets new tickets. */
export const takesTickets = ({ deleted_at, ending_at }: ConnectionDoc, now = new Date()): boolean =>
  deleted_at === null && (ending_at === null || now.getTime() - ending_at.getTime() > keepsAwayMs);

const laterFirst = (a: ConnectionDoc, b: ConnectionDoc) =>
  (b.default_since?.getTime() ?? 0) - (a.default_since?.getTime() ?? 0) || (a._id < b._id ? 1 : -1);
