import type { Page } from '../../http/paging.js';
import { conflict, notFound } from '../../http/problem.js';
import type { IdPrefix } from '../../lib/ids.js';
import type { Audit, AuditEvent } from '../../auth/audit/audit.js';
import type { Caller } from '../../http/caller.js';
import type { Cipher } from '../../lib/encryption.js';
import { changeOf, type EndpointUpdate } from './change.js';
import { maxEndpoints, type EndpointDoc } from './model.js';
import { newEndpoint, type EndpointInput } from './new-endpoint.js';
import { defaultOverlapSeconds, rotated } from './rotation.js';
import { generateSecret, encryptSecret } from './secrets.js';
import type { EndpointChange, EndpointStore } from './store.js';

/** `newId`: under an Idempotency-Key the same ids again, so that a repetition finds what there is. */
interface Maker {
  caller: Caller;
  newId: (prefix: IdPrefix) => string;
}

export interface EndpointService {
  /**
   * Makes an endpoint, and returns it with its secret, which is stored sealed only.
   * @throws Problem 409 `too_many_endpoints`
   */
  create: (orgId: string, input: EndpointInput, by: Maker) => Promise<{ endpoint: EndpointDoc; secret: string }>;
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<EndpointDoc>>;
  /** @throws Problem 404 */
  get: (orgId: string, id: string) => Promise<EndpointDoc>;
  /** Sets the fields that are given. @throws Problem 404, 422 when headers would follow to another origin */
  update: (orgId: string, id: string, input: EndpointUpdate, caller: Caller) => Promise<EndpointDoc>;
  /** @throws Problem 404 */
  remove: (orgId: string, id: string, caller: Caller) => Promise<void>;
  /** @returns the new secret, and when the former one ends; null when it has @throws Problem 404 */
  rotateSecret: (
    orgId: string,
    id: string,
    overlapSeconds: number,
    by: Maker,
  ) => Promise<{ secret: string; previousExpiresAt: Date | null }>;
}

/** Told after a change is stored and before it is answered: null before a create and after a delete. It never throws. */
export type EndpointChanged = (before: EndpointDoc | null, after: EndpointDoc | null) => Promise<void>;

export interface EndpointServiceDeps {
  store: EndpointStore;
  cipher: Cipher;
  audit: Audit;
  changed: EndpointChanged;
}

/** Each loss is somebody else's success, so this many in a row mean that something else is wrong. */
const maxTries = 20;

export function createEndpointService({ store, cipher, audit, changed }: EndpointServiceDeps): EndpointService {
  const get = async (orgId: string, id: string) => found(await store.findIn(orgId, id));

  /** @param decide asked again when somebody else was quicker; null: there is nothing to change */
  async function change(orgId: string, id: string, decide: (current: EndpointDoc) => EndpointChange | null) {
    for (let tries = 0; tries < maxTries; tries++) {
      const before = await get(orgId, id);
      const decided = decide(before);
      if (decided === null) return before;
      const after = await store.change(before, decided);
      if (after) {
        await changed(before, after);
        return after;
      }
    }
    throw conflict('concurrent_changes', 'Others are changing this endpoint at the same time.');
  }

  async function rotate(orgId: string, id: string, overlapSeconds: number, secretId: string) {
    const at = new Date();
    const secret = generateSecret();
    const fresh = encryptSecret(cipher, { _id: id, org_id: orgId }, secretId, secret, at);
    const endpoint = await change(orgId, id, ({ secrets }) => ({
      secrets: rotated(secrets, fresh, { overlapSeconds, at }),
    }));
    return { endpoint, secret };
  }

  const record = (caller: Caller, endpoint: EndpointDoc, what: Omit<AuditEvent, 'subject'>) =>
    audit.record(endpoint.org_id, caller, { ...what, subject: subjectOf(endpoint) });

  return {
    get,
    async create(orgId, input, { caller, newId }) {
      const id = newId('wh');
      const secretId = newId('key');
      const secret = generateSecret();
      const at = new Date();
      const sealed = encryptSecret(cipher, { _id: id, org_id: orgId }, secretId, secret, at);
      const draft = newEndpoint(input, { id, orgId, secret: sealed, at, cipher });
      const inserted = await store.insert(draft);
      if (inserted === 'full') {
        throw conflict('too_many_endpoints', `An org has ${maxEndpoints} endpoints at most: delete one first.`);
      }
      if (inserted !== 'exists') await changed(null, inserted);
      // A repetition after a crash: nobody has seen the first secret, and the one that is shown is to work.
      const made =
        inserted === 'exists'
          ? await rotate(orgId, id, defaultOverlapSeconds, secretId)
          : { endpoint: inserted, secret };
      await record(caller, made.endpoint, { action: 'webhook.created', changed: Object.keys(input) });
      return made;
    },
    list: store.list,
    async update(orgId, id, input, caller) {
      let names: string[] = [];
      const endpoint = await change(orgId, id, (current) => {
        const decided = changeOf(current, input, { cipher, at: new Date() });
        names = decided.changed;
        return names.length === 0 ? null : decided.change;
      });
      if (names.length > 0) await record(caller, endpoint, { action: 'webhook.updated', changed: names });
      return endpoint;
    },
    async remove(orgId, id, caller) {
      const removed = found(await store.remove(orgId, id));
      await changed(removed, null);
      await record(caller, removed, { action: 'webhook.deleted' });
    },
    async rotateSecret(orgId, id, overlapSeconds, { caller, newId }) {
      const { endpoint, secret } = await rotate(orgId, id, overlapSeconds, newId('key'));
      await record(caller, endpoint, { action: 'webhook.rotated', changed: ['secret'] });
      return { secret, previousExpiresAt: endpoint.secrets[1]?.expires_at ?? null };
    },
  };
}

/** Named by its host: a whole URL may hold a token. */
const subjectOf = ({ _id, url }: EndpointDoc) => ({ type: 'webhook', id: _id, name: new URL(url).host });

function found(endpoint: EndpointDoc | null): EndpointDoc {
  if (!endpoint) throw notFound('webhook');
  return endpoint;
}
