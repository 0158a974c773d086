import type { Logger } from '../../observability/logger.js';
import { healTracker } from '../breaker/heal.js';
import type { TrackerStates } from '../breaker/states.js';
import type { TrackerCheck, TrackerSide } from '../tracker-side.js';
import { buildConnection, type BuildDeps } from './build-provider.js';
import type { ConnectionDoc } from './model.js';
import type { WebhookConnection } from './settings.js';

export interface ConnectionTest {
  ok: boolean;
  checks: TrackerCheck[];
}

/** Looks at what stands behind a connection; whatever it finds is an entry. */
export type TestConnection = (connection: ConnectionDoc) => Promise<ConnectionTest>;

export interface TestConnectionDeps extends BuildDeps {
  states: TrackerStates;
  logger: Logger;
}

/** An answer is promised within 20 s. */
const maxMs = 17_000;

export function createTestConnection(deps: TestConnectionDeps): TestConnection {
  return async (connection) => {
    const checks = await checkConnection(deps, connection);
    const ok = checks.every(({ status }) => status !== 'missing');
    if (ok) await healTracker(deps, { scope: connection._id, version: connection.version });
    return { ok, checks };
  };
}

/** Looks without leaving a trace, here or over there. */
export async function checkConnection(
  deps: BuildDeps & { logger: Logger },
  connection: ConnectionDoc,
): Promise<TrackerCheck[]> {
  const built = buildConnection(deps, connection);
  if (!built) return [credentials('missing', undecryptableMessage(connection))];
  const { tracker } = built.provider;
  if (!tracker) return webhookChecks(connection.settings as WebhookConnection);
  return checkTracker(tracker, { logger: deps.logger, scope: connection._id });
}

/** The tracker's own checks, within their time. */
export async function checkTracker(
  tracker: Pick<TrackerSide, 'check'>,
  { logger, scope }: { logger: Logger; scope: string },
): Promise<TrackerCheck[]> {
  const late = AbortSignal.timeout(maxMs);
  try {
    return await Promise.race([tracker.check({ signal: late }), rejectsWith(late)]);
  } catch (err) {
    if (!late.aborted) logger.error({ err, scope }, 'A check of a tracker failed');
    const why = late.aborted ? `did not answer within ${maxMs / 1000} s` : 'could not be looked at';
    return [credentials('missing', `The tracker ${why}.`)];
  }
}

const credentials = (status: TrackerCheck['status'], detail: string): TrackerCheck => ({
  id: 'credentials',
  status,
  detail,
});

/** Whatever is sent to a receiver would create a ticket, so it is never called, and there is nothing for anyone to attend to. */
function webhookChecks({ url }: WebhookConnection): TrackerCheck[] {
  const { host } = new URL(url);
  return [
    credentials('ready', `Tickets are signed with webhook_secret and posted to ${host}.`),
    {
      id: 'receiver',
      status: 'ready',
      detail:
        'Nothing was sent, because every call would create a ticket. The first ticket shows whether it is accepted.',
    },
  ];
}

export const undecryptableMessage = ({ name }: Pick<ConnectionDoc, 'name'>) =>
  `The secrets of the connection “${name}” cannot be opened: is a key missing from ENCRYPTION_KEYS_OLD?`;

function rejectsWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('late')), { once: true });
  });
}
