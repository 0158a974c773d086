import type { Page } from '../../http/paging.js';
import { conflict, notFound, unprocessable } from '../../http/problem.js';
import type { Logger } from '../../observability/logger.js';
import type { Audit, AuditEvent } from '../../auth/audit/audit.js';
import type { Caller } from '../../http/caller.js';
import { healTracker } from '../breaker/heal.js';
import type { TrackerStates } from '../breaker/states.js';
import type { Cipher } from '../../lib/encryption.js';
import { changeOf, type ConnectionUpdate, type DecidedChange } from './change.js';
import { maxConnections, type ConnectionDoc } from './model.js';
import { newConnection, type ConnectionInput } from './new-connection.js';
import { missingOf } from './required.js';
import type { ConnectionChange, ConnectionStore } from './store.js';

export interface ConnectionService {
  /**
   * @param by `id`: a new one; under an Idempotency-Key the same one again
   * @returns with the secret of its webhooks when it was made here
   * @throws Problem 422 for credentials that are not whole, 409 `too_many_connections`
   */
  create: (
    orgId: string,
    input: ConnectionInput,
    by: { id: string; caller: Caller },
  ) => Promise<{ connection: ConnectionDoc; webhookSecret: string | undefined }>;
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<ConnectionDoc>>;
  /** @throws Problem 404 */
  get: (orgId: string, id: string) => Promise<ConnectionDoc>;
  /** The id of the org's default one; null when it has none. */
  defaultId: (orgId: string) => Promise<string | null>;
  /** Sets what is given. @throws Problem 404, 422 */
  update: (orgId: string, id: string, input: ConnectionUpdate, caller: Caller) => Promise<ConnectionDoc>;
  /** @throws Problem 404, 409 `connection_in_use` */
  remove: (orgId: string, id: string, caller: Caller) => Promise<void>;
}

export interface ConnectionServiceDeps {
  store: ConnectionStore;
  states: TrackerStates;
  cipher: Cipher;
  audit: Audit;
  logger: Logger;
  hasLiveLinks: (connectionId: string) => Promise<boolean>;
}

/** Each loss is somebody else's success, so this many in a row mean that something else is wrong. */
const maxTries = 20;

export function createConnectionService(deps: ConnectionServiceDeps): ConnectionService {
  const { store, states, cipher, audit, logger, hasLiveLinks } = deps;
  const get = async (orgId: string, id: string) => found(await store.findIn(orgId, id));
  const record = (caller: Caller, connection: ConnectionDoc, what: Omit<AuditEvent, 'subject'>) =>
    audit.record(connection.org_id, caller, { ...what, subject: subjectOf(connection) });

  /** @param decide asked again when somebody else was quicker; null: there is nothing to change */
  async function change(
    orgId: string,
    id: string,
    decide: (current: ConnectionDoc) => Promise<ConnectionChange | null>,
  ) {
    for (let tries = 0; tries < maxTries; tries++) {
      const current = await get(orgId, id);
      const decided = await decide(current);
      if (decided === null) return current;
      const changed = await store.change(current, decided);
      if (changed) return changed;
    }
    throw conflict('concurrent_changes', 'Others are changing this connection at the same time.');
  }

  /** What makes a connection the default, or ends that; null when it is so already. */
  async function defaultChange(current: ConnectionDoc, wanted: boolean | undefined): Promise<ConnectionChange | null> {
    if (wanted === undefined) return null;
    const winner = await store.defaultOf(current.org_id);
    const isDefault = winner?._id === current._id;
    if (wanted) return isDefault ? null : { default_since: sinceAfter(winner) };
    if (current.default_since === null) return null;
    if (isDefault) await store.clearOlderDefaults(current);
    return { default_since: null };
  }

  async function insert(connection: ConnectionDoc): Promise<ConnectionDoc> {
    if (await store.insert(connection)) return connection;
    // A repetition after a crash: nobody has seen the first secrets, so these take their place.
    return change(connection.org_id, connection._id, () => Promise.resolve({ secrets: connection.secrets }));
  }

  return {
    get,
    list: (orgId, query) => store.list(orgId, query),
    defaultId: async (orgId) => (await store.defaultOf(orgId))?._id ?? null,

    async create(orgId, input, { id, caller }) {
      const { connection, webhookSecret } = newConnection(input, { id, orgId, cipher });
      const missing = missingOf(connection.provider, connection.settings, (name) => connection.secrets[name] !== null);
      if (missing.length > 0) throw unprocessable(missing);
      if ((await store.count(orgId)) >= maxConnections) {
        throw conflict('too_many_connections', `An org has ${maxConnections} connections at most: delete one first.`);
      }
      const default_since = input.default ? sinceAfter(await store.defaultOf(orgId)) : null;
      const made = await insert({ ...connection, default_since });
      await record(caller, made, { action: 'connection.created', changed: namesOf(input) });
      return { connection: made, webhookSecret };
    },

    async update(orgId, id, input, caller) {
      let decided: DecidedChange | undefined;
      const connection = await change(orgId, id, async (current) => {
        const content = changeOf(current, input, cipher);
        const asDefault = await defaultChange(current, input.default);
        decided = { ...content, changed: [...content.changed, ...(asDefault ? ['default'] : [])] };
        return decided.changed.length === 0 ? null : { ...content.change, ...asDefault };
      });
      if (!decided || decided.changed.length === 0) return connection;
      // Refused credentials may be others now; and another tracker has not asked for any time.
      if (decided.moves) await states.forget(id);
      else await healTracker({ states, logger }, { scope: id, version: connection.version });
      await record(caller, connection, { action: 'connection.updated', changed: decided.changed });
      return connection;
    },

    async remove(orgId, id, caller) {
      // Marked before the links are counted, while who links looks for the mark behind its insert: one of the two sees the other.
      const ending = found(await store.markEnding(orgId, id, new Date()));
      if (await hasLiveLinks(id)) {
        await store.unmarkEnding(ending);
        throw inUse();
      }
      await store.clearOlderDefaults(ending);
      const ended = await store.end(ending);
      if (!ended) {
        await get(orgId, id);
        throw conflict('concurrent_changes', 'Others are deleting this connection at the same time. Try again.');
      }
      await states.forget(id);
      await record(caller, ended, { action: 'connection.deleted' });
    },
  };
}

const inUse = () =>
  conflict('connection_in_use', 'Tickets are linked through this connection: unlink them first, or let it stay.');

/** Later than the default that there is, whatever this process's clock says. */
const sinceAfter = (winner: ConnectionDoc | null) =>
  new Date(Math.max(Date.now(), (winner?.default_since?.getTime() ?? 0) + 1));

/** Names only, never values. */
const namesOf = ({ settings, secrets, ...plain }: ConnectionInput) => [
  ...Object.keys(plain),
  ...Object.keys(settings).map((name) => `settings.${name}`),
  ...Object.keys(secrets).map((name) => `secrets.${name}`),
];

const subjectOf = ({ _id, name }: ConnectionDoc) => ({ type: 'connection', id: _id, name });

function found(connection: ConnectionDoc | null): ConnectionDoc {
  if (!connection) throw notFound('connection');
  return connection;
}
