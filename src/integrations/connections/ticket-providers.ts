import type { TicketConfig, Timings } from '../../config/index.js';
import type { Logger } from '../../observability/logger.js';
import { createBreaker } from '../breaker/breaker.js';
import { guardProvider } from '../breaker/guarded-provider.js';
import type { TrackerStates } from '../breaker/states.js';
import { observeProvider, type ObserveCall } from '../observed-provider.js';
import type { ProviderName } from '../port.js';
import type { ProviderRegistry, ResolvedProvider } from '../registry.js';
import { pollSeconds } from '../../config/setting-rules.js';
import type { ReopenPolicy } from '../reopen-policy.js';
import { environmentScope as environmentIds } from '../environment-scope.js';
import { buildConnection, type BuildDeps, type BuiltConnection } from './build-provider.js';
import { undecryptableMessage } from './checks.js';
import { readMap, type StatusMap } from './maps.js';
import type { ConnectionDoc } from './model.js';
import { defaultReopenPolicy } from './settings.js';
import { takesTickets, type ConnectionStore } from './store.js';

/** Where new tickets go. */
export interface ChosenProvider {
  provider: ProviderName;
  connectionId: string | null;
}

export interface TicketProviders {
  /** Where an org's new tickets go: the connection asked for, else the org's default one, else the environment's. */
  choose: (orgId: string, connectionId: string | null) => Promise<ChosenProvider>;
  /**
   * Whether a link that was just inserted may stay on its connection: false while that is being deleted, and after. To be asked
   * behind the insert, for only then the deletion sees the link or the link the deletion.
   */
  connectionExists: (connectionId: string | null) => Promise<boolean>;
  /** What stands behind a link. */
  of: (link: LinkTarget) => Promise<ResolvedProvider>;
  /** Behind a scope, `env` of a provider or a connection: for inbound webhooks and polling. Null when there is none. */
  ofScope: (scope: { connectionId: string } | { environment: 'jira' | 'servicenow' }) => Promise<TrackerScope | null>;
  close: () => Promise<void>;
}

export interface LinkTarget {
  org_id: string;
  provider: ProviderName;
  connection_id: string | null;
}

/** A tracker that tells us things. */
export interface TrackerScope {
  /** The connection's id, or `env`: whose ids a link's are. */
  scope: string;
  /** Null for the environment's. */
  orgId: string | null;
  name: ProviderName;
  resolved: ResolvedProvider;
  /** Null when there is none, or it does not open. */
  webhookSecret: string | null;
  settings: { pollIntervalSeconds: number; onReopen: ReopenPolicy };
  /** Without a prototype: whatever a status is called. */
  statusMap: StatusMap;
}

export interface TicketProvidersDeps extends BuildDeps {
  /** The environment's. */
  registry: ProviderRegistry;
  store: ConnectionStore;
  states: TrackerStates;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
  environment: Pick<TicketConfig, 'settings' | 'pollIntervalSeconds'>;
  /** Told of each call of a connection; without it nobody is. */
  observe?: ObserveCall;
}

/** All providers there are: the environment's, and those of each org's connections, made once a version. */
export function createTicketProviders(deps: TicketProvidersDeps): TicketProviders {
  const { registry, store, states, logger, timings, environment, observe } = deps;
  const made = new Map<string, { version: number; built: BuiltConnection }>();

  async function opened(connection: ConnectionDoc): Promise<BuiltConnection | null> {
    const { _id: scope, version } = connection;
    const known = made.get(scope);
    if (known?.version === version) return known.built;
    const built = buildConnection(deps, connection);
    // One that does not open is tried again: its key may be back.
    if (!built) return null;
    const breaker = createBreaker({ states, logger, timings, scope, version });
    const provider = observe ? observeProvider(built.provider, observe) : built.provider;
    const guarded = { ...built, provider: guardProvider(provider, breaker) };
    made.set(scope, { version, built: guarded });
    await known?.built.provider.dispose?.();
    return guarded;
  }

  async function resolve(connection: ConnectionDoc): Promise<ResolvedProvider> {
    if (connection.deleted_at !== null) return gone(connection.name);
    const built = await opened(connection);
    return built
      ? { status: 'ready', provider: built.provider }
      : { status: 'undecryptable', detail: undecryptableMessage(connection) };
  }

  async function forget(id: string): Promise<void> {
    const known = made.get(id);
    made.delete(id);
    await known?.built.provider.dispose?.();
  }

  return {
    async choose(orgId, connectionId) {
      const wanted = connectionId ? await store.findIn(orgId, connectionId) : null;
      if (wanted && takesTickets(wanted)) return { provider: wanted.provider, connectionId: wanted._id };
      const defaultConnection = await store.defaultOf(orgId);
      if (defaultConnection && takesTickets(defaultConnection))
        return { provider: defaultConnection.provider, connectionId: defaultConnection._id };
      return { provider: registry.defaultName, connectionId: null };
    },

    async connectionExists(connectionId) {
      if (connectionId === null) return true;
      const connection = await store.find(connectionId);
      return connection !== null && takesTickets(connection);
    },

    async of({ org_id, provider, connection_id }) {
      if (connection_id === null) return registry.resolve(provider);
      const connection = await store.find(connection_id);
      if (connection?.org_id === org_id && connection.deleted_at === null) return resolve(connection);
      await forget(connection_id);
      return gone(connection?.name ?? connection_id);
    },

    async ofScope(scope) {
      if ('environment' in scope) return environmentScope(scope.environment);
      const connection = await store.find(scope.connectionId);
      if (connection?.deleted_at !== null) return null;
      const { settings } = connection;
      const polled = 'poll_interval_seconds' in settings ? settings : null;
      return {
        scope: connection._id,
        orgId: connection.org_id,
        name: connection.provider,
        resolved: await resolve(connection),
        webhookSecret: (await opened(connection))?.webhookSecret ?? null,
        settings: {
          pollIntervalSeconds: polled?.poll_interval_seconds ?? pollSeconds.default,
          onReopen: polled?.on_reopen ?? defaultReopenPolicy,
        },
        statusMap: readMap(connection.status_map),
      };
    },

    async close() {
      await Promise.all([...made.keys()].map(forget));
      await registry.close();
    },
  };

  function environmentScope(name: 'jira' | 'servicenow'): TrackerScope {
    const { settings, pollIntervalSeconds } = environment;
    const webhookSecret = name === 'jira' ? settings.JIRA_WEBHOOK_SECRET : settings.SERVICENOW_WEBHOOK_SECRET;
    return {
      scope: environmentIds,
      orgId: null,
      name,
      resolved: registry.resolve(name),
      webhookSecret: webhookSecret ?? null,
      settings: { pollIntervalSeconds: pollIntervalSeconds[name], onReopen: defaultReopenPolicy },
      statusMap: Object.create(null) as StatusMap,
    };
  }
}

const gone = (name: string): ResolvedProvider => ({
  status: 'gone',
  detail: `The connection “${name}” was deleted: unlink the ticket, which stays where it is.`,
});
