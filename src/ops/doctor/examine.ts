import type { Connection } from 'mongoose';
import type { Config } from '../../config/index.js';
import { createLogger } from '../../observability/logger.js';
import { createProviderRegistry } from '../../integrations/registry.js';
import type { Models } from '../../models.js';
import { createServices, type Services } from '../../services.js';
import { searchAttributeNames } from '../../../workflows/contracts/search-attributes.js';
import { taskQueues } from '../../../workflows/contracts/task-queues.js';
import { checkMongoClock, checkWorkerClocks } from './clocks.js';
import { checkConfiguration } from './configuration.js';
import { checkAllowed, checkTargets, type Target } from './egress.js';
import { bad, reason, type Finding } from './finding.js';
import { checkIndexes } from './indexes.js';
import { checkKeyStrength, checkEncrypted } from './keys.js';
import { checkMongo, openMongo, unreachable } from './mongodb.js';
import { checkBreakers, checkConnections, checkEndpoints, checkEnvironmentTrackers } from './providers.js';
import { checkPublicUrl, checkTemporalUi } from './public-url.js';
import { checkSearchAttributes } from './search-attributes.js';
import { secretsIn } from './secrets.js';
import { checkTemporal, temporalCalls, type TemporalCalls } from './temporal.js';
import { checkPumps, checkWorkers } from './workers.js';
import { createRedactor } from '../../integrations/redact.js';

/**
 * Looks at everything that API and worker need, as they would with this environment. Starts and changes nothing.
 * @returns in the order in which people read them; nothing secret is in it
 */
export async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { config, findings } = checkConfiguration(env);
  if (!config) return findings;
  const [mongo, calls] = [await connected(config), temporalCalls(config.temporal)];
  // What it would log, the findings say.
  const options = { logger: createLogger('silent'), identity: 'doctor' };
  const services = mongo.connection && createServices(config, mongo.connection, options);
  const models = services?.models ?? null;
  try {
    const groups = await Promise.all([
      mongo.connection ? atMongo(mongo.connection, config) : [mongo.finding],
      guarded('temporal', () => atTemporal(calls, config, models)),
      services ? guarded('providers', () => atProviders(services, config)) : [],
      guarded('egress', () => atEgress(models, config)),
      atKeys(services, config),
    ]);
    const redact = createRedactor(secretsIn(config));
    const all = [...findings, ...groups.flat()].map((finding) => ({
      ...finding,
      detail: redact(finding.detail),
      todo: finding.todo === null ? null : redact(finding.todo),
    }));
    return all.sort((a, b) => orderOf(a) - orderOf(b));
  } finally {
    await services?.close();
    await Promise.all([mongo.connection?.close(), calls.connection.close()]);
  }
}

export const areas = ['configuration', 'mongodb', 'clocks', 'temporal', 'providers', 'egress', 'keys'] as const;

export const areaOf = ({ id }: Finding): string => id.split('.')[0] ?? '';

const orderOf = (finding: Finding) => areas.findIndex((area) => area === areaOf(finding));

type Connected = { connection: Connection; finding: null } | { connection: null; finding: Finding };

async function connected({ mongodbUri }: Config): Promise<Connected> {
  try {
    return { connection: await openMongo(mongodbUri), finding: null };
  } catch (error) {
    return { connection: null, finding: unreachable(mongodbUri, error) };
  }
}

/** A check that fails is a finding: the others have their say. */
async function guarded(area: (typeof areas)[number], check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const message = `Not everything could be looked at: ${reason(error)}.`;
    return [bad(`${area}.unfinished`, message, 'Mend what else is bad, then run this again.')];
  }
}

async function atMongo(connection: Connection, { mongodbUri, production }: Config): Promise<Finding[]> {
  const pending = [
    guarded('mongodb', () => checkMongo(connection, mongodbUri, production)),
    guarded('mongodb', async () => [await checkIndexes(connection)]),
    guarded('clocks', () => checkMongoClock(connection)),
  ];
  return (await Promise.all(pending)).flat();
}

async function atTemporal(calls: TemporalCalls, config: Config, models: Models | null): Promise<Finding[]> {
  const [{ findings, usable }, ui] = await Promise.all([
    checkTemporal(calls, config.temporal),
    checkTemporalUi(config.temporal.uiUrl),
  ]);
  if (!usable) return [...findings, ...ui];
  const attributes = await checkSearchAttributes(calls, searchAttributeNames);
  if (!models) return [...findings, attributes, ...ui];
  return [
    ...findings,
    attributes,
    ...(await checkWorkers(models, calls, {
      queues: taskQueues(config.temporal.queueSuffix),
      timings: config.timings,
    })),
    await checkPumps(models, config.deliveries.pumps),
    ...(await checkWorkerClocks(models)),
    ...ui,
  ];
}

async function atProviders({ models, cipher, http }: Services, config: Config): Promise<Finding[]> {
  const { tickets, production, timings } = config;
  const logger = createLogger('silent');
  // Without a breaker: what a look comes to is put nowhere on record.
  const { publicUrl } = config.http;
  const registry = createProviderRegistry({ tickets, publicUrl, mock: models.mock, logger, timings });
  try {
    const found = await Promise.all([
      checkEnvironmentTrackers(registry, { production, logger }),
      checkConnections({ connections: models.connections, cipher, http, logger, timings }),
      checkBreakers(models),
      checkEndpoints(models),
    ]);
    return found.flat();
  } finally {
    await registry.close();
  }
}

async function atEgress(models: Models | null, config: Config): Promise<Finding[]> {
  const { egress, production, http } = config;
  const [publicUrl, targets] = await Promise.all([
    checkPublicUrl(http.publicUrl, production),
    models ? targetsOf(models).then((found) => checkTargets(found, config)) : [],
  ]);
  return [checkAllowed(egress, production), ...targets, ...publicUrl];
}

/** What orgs have set. The environment's own trackers may be anywhere, and their checks dial them. */
async function targetsOf({ connections, endpoints }: Models): Promise<Target[]> {
  const [trackers, receivers] = await Promise.all([
    connections.find({ deleted_at: null }, { settings: 1 }).lean(),
    endpoints.find({ enabled: true }, { url: 1 }).lean(),
  ]);
  return [
    ...trackers.map(({ _id, settings }) => ({ owner: _id, url: 'url' in settings ? settings.url : settings.base_url })),
    ...receivers.map(({ _id, url }) => ({ owner: _id, url })),
  ];
}

async function atKeys(services: Services | null, config: Config): Promise<Finding[]> {
  const strength = checkKeyStrength(config);
  if (!services) return strength;
  const { models, cipher } = services;
  const encrypted = await guarded('keys', () => checkEncrypted(models, { encryption: config.encryption, cipher }));
  return [...strength, ...encrypted];
}
