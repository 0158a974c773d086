import type { Models } from '../../models.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { trusted } from '../../db/schema-options.js';
import type { TrackerStateDoc } from '../../integrations/breaker/model.js';
import { providerNames } from '../../integrations/port.js';
import { disabledReasons } from '../../webhooks/endpoints/model.js';
import { anyDate, bound, countedTo } from './reading.js';

/** Endpoints whose breaker is open, and those that we have disabled. */
export async function readEndpoints(models: Models) {
  const endpoints = models.endpoints;
  const limited = { limit: countedTo, ...bound };
  const [sick, ...disabled] = await Promise.all([
    models.health.countDocuments({ breaker: 'open' }, limited),
    ...disabledReasons.map((disabled_reason) => endpoints.countDocuments({ disabled_reason }, limited)),
  ]);
  return { sick, disabled: disabledReasons.map((reason, index) => ({ reason, count: disabled[index] ?? 0 })) };
}

const maxEndpoints = 500;

/** How many deliveries wait for sick endpoints, counted to 100,000; of 500 endpoints at most. An endpoint that its workflow attends to has a `ring_after`. */
export async function readParked(models: Models): Promise<number> {
  const withWorkflow = await models.health
    .find({ ring_after: anyDate() }, { _id: 1 }, bound)
    .limit(maxEndpoints)
    .lean<{ _id: string }[]>();
  if (withWorkflow.length === 0) return 0;
  const endpoint_id = trusted({ $in: withWorkflow.map(({ _id }) => _id) });
  return models.deliveries.countDocuments({ endpoint_id, status: 'parked' }, { limit: countedTo, ...bound });
}

const maxBreakers = 1_000;

export interface BreakerCount {
  provider: string;
  /** `credentials`: refused. `asked_to_wait`: it wants to be left alone for a while. `unreachable`: it doesn't answer. */
  reason: 'credentials' | 'asked_to_wait' | 'unreachable';
  count: number;
}

/** Trackers that are not called now, by provider. Zeros are there as well. */
export async function readBreakers(models: Models, now: Date): Promise<BreakerCount[]> {
  const states = models.trackerStates;
  const find = (filter: object) => states.find(filter, { version: 1 }, bound).limit(maxBreakers).lean<State[]>().exec();
  const [refused, held, unreachable] = await Promise.all([
    find({ refused_at: anyDate() }),
    find({ hold_until: trusted({ $gt: now }) }),
    find({ unreachable_since: anyDate() }),
  ]);
  const providerOf = await providersOf(models, [...refused, ...held, ...unreachable]);
  const count = (found: readonly State[], provider: string) =>
    found.filter((state) => providerOf(state) === provider).length;
  return providerNames
    .filter((provider) => provider !== 'mock')
    .flatMap((provider) => [
      { provider, reason: 'credentials' as const, count: count(refused, provider) },
      { provider, reason: 'asked_to_wait' as const, count: count(held, provider) },
      { provider, reason: 'unreachable' as const, count: count(unreachable, provider) },
    ]);
}

type State = Pick<TrackerStateDoc, '_id' | 'version'>;

/** Of a scope, `env/jira` or a connection's id. What was said to a deleted connection, or to older settings, is nobody's. */
async function providersOf(models: Models, states: readonly State[]) {
  const connections = states.map(({ _id }) => _id).filter((scope) => !scope.startsWith('env/'));
  const found =
    connections.length === 0
      ? []
      : await models.connections
          .find({ _id: trusted({ $in: connections }), deleted_at: null }, { provider: 1, version: 1 }, bound)
          .lean<Pick<ConnectionDoc, '_id' | 'provider' | 'version'>[]>();
  return ({ _id: scope, version }: State): string | undefined =>
    scope.startsWith('env/')
      ? scope.slice('env/'.length)
      : found.find((one) => one._id === scope && one.version === version)?.provider;
}
