import type { ConnectionsHealth, ConnectionsHealthOf } from '../connections/health.js';
import type { TrackerStates } from '../breaker/states.js';
import { environmentBreaker, type ProviderRegistry } from '../registry.js';

export interface SetupCheck {
  id: string;
  status: 'ready' | 'attention' | 'missing';
  detail: string;
  /** Environment keys that are to be set. */
  missing: string[];
}

export interface SetupDeps {
  /** The environment's. */
  providers: ProviderRegistry;
  /** Whether signed replies of trackers can be verified. */
  hasWebhookSecret: boolean;
  isWorkerAlive: () => Promise<boolean>;
  connectionsOf: ConnectionsHealthOf;
  states: Pick<TrackerStates, 'refused'>;
}

/** What stands between an org and working Ticket Sync, each with what to do. */
export async function checkSetup(deps: SetupDeps, orgId: string): Promise<SetupCheck[]> {
  const { providers, hasWebhookSecret, isWorkerAlive, connectionsOf, states } = deps;
  const [connections, isAlive, refused] = await Promise.all([
    connectionsOf(orgId),
    isWorkerAlive(),
    states.refused([environmentBreaker(providers.defaultName)]),
  ]);
  const { default: own } = connections;
  return [
    own ? ownTracker(own) : ticketSync(providers, refused[0]?.words ?? null),
    own ? ownReplies(own) : ticketReplies(hasWebhookSecret),
    ...refusedConnections(connections),
    worker(isAlive),
  ];
}

type Own = NonNullable<ConnectionsHealth['default']>;

const check = (id: string, status: SetupCheck['status'], detail: string, missing: string[] = []): SetupCheck => ({
  id,
  status,
  detail,
  missing,
});

const ownTracker = ({ name, provider }: Own) =>
  check('ticket_sync', 'ready', `Tickets go to the connection “${name}” (${provider}).`);

const ownReplies = ({ name }: Own) =>
  check('ticket_replies', 'ready', `Signed replies are taken at the webhook_url of the connection “${name}”.`);

function refusedConnections({ refused }: ConnectionsHealth): SetupCheck[] {
  if (refused.length === 0) return [];
  const details = refused.map(
    ({ name, message }) => `The tracker of the connection “${name}” refuses its credentials. ${message}`,
  );
  return [check('connections', 'attention', details.join(' '))];
}

function ticketSync(providers: ProviderRegistry, refusal: string | null): SetupCheck {
  const sync = (status: SetupCheck['status'], detail: string, missing?: string[]) =>
    check('ticket_sync', status, detail, missing);
  if (providers.unknownValue !== null) {
    return sync(
      'attention',
      `TICKET_PROVIDER names no provider that there is; the mock is used. Set it to mock, webhook, jira or servicenow.`,
    );
  }
  const resolved = providers.resolve(providers.defaultName);
  if (resolved.status === 'not_configured') return sync('missing', resolved.detail, resolved.missing);
  if (resolved.status !== 'ready') return sync('missing', resolved.detail);
  if (providers.defaultName === 'mock') {
    return sync('attention', 'Tickets go to the mock, which contacts nobody. Set TICKET_PROVIDER to a real tracker.');
  }
  if (refusal !== null) {
    return sync('attention', `Tickets go to ${providers.defaultName}, which refuses our credentials. ${refusal}`);
  }
  return sync('ready', `Tickets go to ${providers.defaultName}.`);
}

function ticketReplies(hasSecret: boolean): SetupCheck {
  if (hasSecret) return check('ticket_replies', 'ready', 'Signed replies of the tracker are taken.');
  const detail = 'Replies of the tracker are refused: TICKET_WEBHOOK_SECRET is not set.';
  return check('ticket_replies', 'attention', detail, ['TICKET_WEBHOOK_SECRET']);
}

function worker(isAlive: boolean): SetupCheck {
  return isAlive
    ? check('worker', 'ready', 'A worker is polling.')
    : check('worker', 'missing', 'No worker is polling: writes are accepted and wait. Start one.');
}
