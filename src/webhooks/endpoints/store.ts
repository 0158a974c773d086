import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { newestPage } from '../../http/newest-page.js';
import type { Page } from '../../http/paging.js';
import { insertInSlot, type Inserted } from './insert.js';
import { maxEndpoints, type DisabledReason, type EndpointDoc } from './model.js';

/** What fanning out needs to know; no secret among it. */
export type Subscriber = Pick<
  EndpointDoc,
  '_id' | 'org_id' | 'events' | 'ordered' | 'rate_limit_per_second' | 'partition' | 'version'
>;

/** What may change of an endpoint. */
export type EndpointChange = Partial<
  Omit<EndpointDoc, '_id' | 'org_id' | 'slot' | 'version' | 'partition' | 'created_at' | 'updated_at'>
>;

export interface EndpointStore {
  /** The enabled endpoints of these orgs, by one query. */
  forEvents: (orgIds: readonly string[]) => Promise<Subscriber[]>;
  /** Whichever org's, or null when there is none any more. */
  find: (id: string) => Promise<EndpointDoc | null>;
  /**
   * Disables an endpoint that is enabled, for a reason of ours.
   * @param options `version`: only if nobody has changed it since; a 410 says nothing about a URL that was set meanwhile
   * @returns the endpoint as it is now; null when it was not enabled, has changed, or is gone
   */
  disable: (id: string, reason: DisabledReason, options?: { version?: number }) => Promise<EndpointDoc | null>;
  findIn: (orgId: string, id: string) => Promise<EndpointDoc | null>;
  /** Newest first. @throws Problem 422 for a cursor that is none of this list */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<EndpointDoc>>;
  insert: (endpoint: Omit<EndpointDoc, 'slot'>) => Promise<Inserted>;
  /** Compare-and-set on the version that was read. @returns null when there is another by now, or none */
  change: (current: EndpointDoc, change: EndpointChange) => Promise<EndpointDoc | null>;
  /** @returns what was removed, its secrets with it; null when there was none */
  remove: (orgId: string, id: string) => Promise<EndpointDoc | null>;
}

const subscriberFields = {
  org_id: 1,
  events: 1,
  ordered: 1,
  rate_limit_per_second: 1,
  partition: 1,
  version: 1,
} as const satisfies Partial<Record<keyof Subscriber, 1>>;

/** Endpoints in MongoDB. @param most an org may have, for tests */
export function createEndpointStore({
  endpoints,
  max = maxEndpoints,
}: {
  endpoints: Model<EndpointDoc>;
  max?: number;
}): EndpointStore {
  const after = { returnDocument: 'after' } as const;
  return {
    async forEvents(orgIds) {
      if (orgIds.length === 0) return [];
      const filter = { org_id: trusted({ $in: [...new Set(orgIds)] }), enabled: true };
      return endpoints.find(filter, subscriberFields).lean<Subscriber[]>().exec();
    },
    find: (id) => endpoints.findById(id).lean<EndpointDoc>().exec(),
    disable(id, reason, options = {}) {
      const at = new Date();
      const set = { enabled: false, disabled_reason: reason, disabled_at: at, updated_at: at };
      return endpoints
        .findOneAndUpdate({ _id: id, enabled: true, ...options }, { $set: set, $inc: { version: 1 } }, after)
        .lean<EndpointDoc>()
        .exec();
    },
    findIn: (orgId, id) => endpoints.findOne({ org_id: orgId, _id: id }).lean<EndpointDoc>().exec(),
    list: (orgId, query) => newestPage(endpoints, { org_id: orgId }, query),
    insert: (endpoint) => insertInSlot(endpoints, endpoint, max),
    change({ org_id, _id, version }, change) {
      const set = { ...change, version: version + 1, updated_at: new Date() };
      return endpoints.findOneAndUpdate({ org_id, _id, version }, { $set: set }, after).lean<EndpointDoc>().exec();
    },
    remove: (orgId, id) => endpoints.findOneAndDelete({ org_id: orgId, _id: id }).lean<EndpointDoc>().exec(),
  };
}
