import type { BuildDeps } from '../../integrations/connections/build-provider.js';
import { checkConnection, checkTracker } from '../../integrations/connections/checks.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { trusted } from '../../db/schema-options.js';
import type { Logger } from '../../observability/logger.js';
import { environmentBreaker, type ProviderRegistry, type ResolvedProvider } from '../../integrations/registry.js';
import type { TrackerCheck } from '../../integrations/tracker-side.js';
import { attention, bad, count, few, ok, type Finding } from './finding.js';
import type { Models } from '../../models.js';

/** So many trackers are asked at once. */
const atOnce = 5;

/** The environment's tracker, and any other that is set up there: links of earlier days may be on it. Read-only. */
export async function checkEnvironmentTrackers(
  registry: ProviderRegistry,
  { production, logger }: { production: boolean; logger: Logger },
): Promise<Finding[]> {
  const id = 'providers.environment';
  if (registry.unknownValue !== null) {
    return [
      bad(
        id,
        'TICKET_PROVIDER names no provider that there is: the mock takes its place.',
        'Set it to mock, webhook, jira or servicenow.',
      ),
    ];
  }
  const { defaultName } = registry;
  const first =
    defaultName === 'mock'
      ? [mock(production)]
      : [await tracker(id, defaultName, registry.resolve(defaultName), logger)];
  const others = (['jira', 'servicenow'] as const).filter((name) => name !== defaultName);
  for (const name of others) {
    const resolved = registry.resolve(name);
    if (resolved.status === 'ready') first.push(await tracker(`providers.${name}`, name, resolved, logger));
  }
  return first;
}

const mock = (production: boolean): Finding => {
  const message = 'Tickets go to the mock, which contacts nobody, unless an org has a connection of its own.';
  const todo =
    'Set TICKET_PROVIDER to a real tracker, or leave it at the mock when every org has a default connection.';
  return production ? attention('providers.environment', message, todo) : ok('providers.environment', message);
};

async function tracker(id: string, name: string, resolved: ResolvedProvider, logger: Logger): Promise<Finding> {
  if (resolved.status !== 'ready')
    return bad(id, resolved.detail, 'Set what is missing, and start API and worker again.');
  const side = resolved.provider.tracker;
  if (!side) return ok(id, `Tickets are signed and posted to TICKET_WEBHOOK_URL; nothing was sent to try it.`);
  const checks = await checkTracker(side, { logger, scope: environmentBreaker(resolved.provider.name) });
  return findingOf(id, `The environment's ${name}`, checks, 'Correct its settings in the environment');
}

export interface ConnectionCheckDeps extends BuildDeps {
  connections: Models['connections'];
  logger: Logger;
}

/** Each org's own trackers. Read-only: what is on record of them stays as it is. */
export async function checkConnections(deps: ConnectionCheckDeps): Promise<Finding[]> {
  const all = await deps.connections.find({ deleted_at: null }).lean<ConnectionDoc[]>();
  const findings: Finding[] = [];
  const rest = all[Symbol.iterator]();
  const work = async () => {
    for (const connection of rest) findings.push(await one(deps, connection));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (all.length === 0) return [ok('providers.connections', 'No org has a connection of its own.')];
  return findings.sort((a, b) => a.id.localeCompare(b.id));
}

async function one(deps: ConnectionCheckDeps, connection: ConnectionDoc): Promise<Finding> {
  const { _id, org_id, provider } = connection;
  const checks = await checkConnection(deps, connection);
  const todo = `PATCH /api/v1/orgs/${org_id}/connections/${_id} with what is right`;
  return findingOf(`providers.${_id}`, `The connection ${_id} of ${org_id} (${provider})`, checks, todo);
}

/** The tracker's own words are its admin's to read; ids of the checks say where they belong. */
function findingOf(id: string, whose: string, checks: readonly TrackerCheck[], todo: string): Finding {
  const message = (status: TrackerCheck['status']) =>
    checks.filter((check) => check.status === status).map((check) => `${check.id}: ${check.detail}`);
  const [missing, wanting] = [message('missing'), message('attention')];
  if (missing.length > 0) return bad(id, `${whose} does not take tickets. ${missing.join(' ')}`, `${todo}.`);
  if (wanting.length > 0)
    return attention(id, `${whose} works with less. ${wanting.join(' ')}`, `${todo}, if that is not meant.`);
  return ok(id, `${whose} passes its ${checks.length} checks.`);
}

/** Trackers whose calls are held back. */
export async function checkBreakers({
  trackerStates: states,
  connections,
}: Pick<Models, 'trackerStates' | 'connections'>): Promise<Finding> {
  const id = 'providers.breakers';
  const [refused, lost, held, live] = await Promise.all([
    states.find({ refused_at: trusted({ $ne: null }) }).lean(),
    states.find({ unreachable_since: trusted({ $ne: null }) }).lean(),
    states.find({ hold_until: trusted({ $gt: new Date() }) }).lean(),
    connections.find({ deleted_at: null }, { version: 1 }).lean<Pick<ConnectionDoc, '_id' | 'version'>[]>(),
  ]);
  const versions = new Map(live.map(({ _id, version }) => [_id, version]));
  const counts = ({ _id, version }: { _id: string; version: number }) =>
    _id.startsWith('env/') || versions.get(_id) === version;
  const message = [
    ...refused
      .filter(counts)
      .map(({ _id, refused_at }) => `${_id} (credentials refused since ${refused_at?.toISOString() ?? ''})`),
    ...lost
      .filter(counts)
      .map(({ _id, unreachable_since: at }) => `${_id} (unreachable since ${at?.toISOString() ?? ''})`),
    ...held.map(({ _id, hold_until }) => `${_id} (asked to be left alone until ${hold_until?.toISOString() ?? ''})`),
  ];
  if (message.length === 0) return ok(id, 'No tracker is held back.');
  return attention(
    id,
    `${count(message.length, 'tracker is', 'trackers are')} held back: ${few(message)}.`,
    'Credentials: PATCH the connection, or change the environment and start again; it heals at once. A hold ends by itself, and so does unreachability when the tracker answers again.',
  );
}

/** What the pumps have found of the receivers. */
export async function checkEndpoints({ health, endpoints }: Pick<Models, 'health' | 'endpoints'>): Promise<Finding> {
  const id = 'providers.webhook_endpoints';
  const [failed, disabled] = await Promise.all([
    health.find({ breaker: 'open' }, { _id: 1 }).lean(),
    endpoints.find({ disabled_reason: trusted({ $ne: null }) }, { _id: 1 }).lean(),
  ]);
  const message = [
    ...(failed.length > 0
      ? [`${failed.length} sick, their deliveries parked: ${few(failed.map(({ _id }) => _id))}.`]
      : []),
    ...(disabled.length > 0 ? [`${disabled.length} disabled by us: ${few(disabled.map(({ _id }) => _id))}.`] : []),
  ];
  if (message.length === 0) return ok(id, 'No webhook endpoint is sick.');
  const todo =
    'Their workflows endpoint/… say since when and why; a sick one heals with its first success, a disabled one is enabled by PATCH and caught up by …/recover.';
  return attention(id, `Of the webhook endpoints ${message.join(' And ')}`, todo);
}
