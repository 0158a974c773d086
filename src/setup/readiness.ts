import type { ProviderRegistry } from '../providers/registry.js';

export interface SetupCheck {
  id: string;
  status: 'ready' | 'attention' | 'missing';
  detail: string;
  /** Environment keys that are to be set. */
  missing: string[];
}

export interface SetupDeps {
  providers: ProviderRegistry;
  /** Whether signed replies of trackers can be verified. */
  hasWebhookSecret: boolean;
  isWorkerAlive: () => Promise<boolean>;
}

/** What stands between an org and working Ticket Sync, each with what to do. */
export async function checkSetup({ providers, hasWebhookSecret, isWorkerAlive }: SetupDeps): Promise<SetupCheck[]> {
  return [ticketSync(providers), ticketReplies(hasWebhookSecret), worker(await isWorkerAlive())];
}

function ticketSync(providers: ProviderRegistry): SetupCheck {
  const check = (status: SetupCheck['status'], detail: string, missing: string[] = []) => ({
    id: 'ticket_sync',
    status,
    detail,
    missing,
  });
  if (providers.unknownValue !== null) {
    return check(
      'attention',
      `TICKET_PROVIDER names no provider that there is; the mock is used. Set it to mock, webhook, jira or servicenow.`,
    );
  }
  const resolved = providers.resolve(providers.defaultName);
  if (resolved.status === 'not_configured') return check('missing', resolved.detail, resolved.missing);
  if (resolved.status === 'not_built') return check('missing', resolved.detail);
  if (providers.defaultName === 'mock') {
    return check('attention', 'Tickets go to the mock, which contacts nobody. Set TICKET_PROVIDER to a real tracker.');
  }
  return check('ready', `Tickets go to ${providers.defaultName}.`);
}

function ticketReplies(hasSecret: boolean): SetupCheck {
  const id = 'ticket_replies';
  if (hasSecret) return { id, status: 'ready', detail: 'Signed replies of the tracker are taken.', missing: [] };
  const detail = 'Replies of the tracker are refused: TICKET_WEBHOOK_SECRET is not set.';
  return { id, status: 'attention', detail, missing: ['TICKET_WEBHOOK_SECRET'] };
}

function worker(isAlive: boolean): SetupCheck {
  return isAlive
    ? { id: 'worker', status: 'ready', detail: 'A worker is polling.', missing: [] }
    : {
        id: 'worker',
        status: 'missing',
        detail: 'No worker is polling: writes are accepted and wait. Start one.',
        missing: [],
      };
}
