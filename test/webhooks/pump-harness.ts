import { randomBytes } from 'node:crypto';
import { defaultTimings, type Timings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { testGuardedClient } from '../support/guarded-client.js';
import { newEvent } from '../../src/events/new-event.js';
import { derivedId, newId } from '../../src/lib/ids.js';
import { createLogger } from '../../src/observability/logger.js';
import { createCipher } from '../../src/lib/encryption.js';
import type { AttemptDoc, DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { partitionOf } from '../../src/webhooks/endpoints/partition.js';
import { generateSecret, encryptSecret } from '../../src/webhooks/endpoints/secrets.js';
import { createEndpointStore } from '../../src/webhooks/endpoints/store.js';
import type { PumpDeps, Term } from '../../src/webhooks/pump/pump.js';
import { createPump } from '../../src/webhooks/pump/term.js';
import type { TryOutcome } from '../../src/webhooks/pump/types.js';
import type { TestDatabase } from '../support/mongo.js';

export const allPartitions = Array.from({ length: 64 }, (_, partition) => partition);

export interface RunningPump {
  beats: number;
  /** Resolves when it has ended, by itself or not. */
  ended: Promise<void>;
  /** Aborts it, and waits for its end. @returns how long that took, in milliseconds */
  stop: () => Promise<number>;
}

/** What pumps need, and what they leave behind. */
export async function createPumpHarness(
  { connection, models: all }: Pick<TestDatabase, 'connection' | 'models'>,
  options: { timeoutMs?: number } = {},
) {
  const { deliveries, attempts, events, endpoints } = all;
  const models = { deliveries, attempts, events, endpoints };
  await ensureIndexes(connection);
  const cipher = createCipher({ key: randomBytes(32) });
  const store = createEndpointStore({ endpoints: models.endpoints });
  const http = testGuardedClient({
    timeoutMs: options.timeoutMs ?? 15_000,
    pool: { connections: 256 },
  });
  const tries: TryOutcome[] = [];
  const open = new Set<string>();
  const running = new Set<RunningPump>();
  let slot = 0;

  const deps = (change: Partial<PumpDeps> = {}): PumpDeps => ({
    ...models,
    cipher,
    http,
    health: { record: (outcomes) => tries.push(...outcomes), isOpen: (id) => open.has(id) },
    gone: async ({ id, version }) => {
      await store.disable(id, 'gone', { version });
    },
    retryDelaysMs: [200, 400],
    postMs: options.timeoutMs ?? 15_000,
    logger: createLogger('silent'),
    timings: defaultTimings,
    ...change,
  });

  async function endpoint(url: string, change: Partial<EndpointDoc> = {}, secret = generateSecret()) {
    const id = newId('wh');
    const owner = { _id: id, org_id: 'org-pump' };
    const at = new Date();
    const doc: EndpointDoc = {
      ...owner,
      slot: slot++,
      url,
      events: ['event.created'],
      description: '',
      headers: [],
      rate_limit_per_second: null,
      ordered: false,
      enabled: true,
      disabled_reason: null,
      disabled_at: null,
      secrets: [encryptSecret(cipher, owner, newId('key'), secret, at)],
      version: 1,
      partition: partitionOf(id),
      created_at: at,
      updated_at: at,
      ...change,
    };
    await models.endpoints.create(doc);
    return doc;
  }

  /** Events with their deliveries to these endpoints, the deliveries first. @returns the events' ids, in their order */
  async function publish(
    endpoints: readonly EndpointDoc[],
    count = 1,
    { change = {}, withEvents = true }: { change?: Partial<DeliveryDoc>; withEvents?: boolean } = {},
  ): Promise<string[]> {
    const at = new Date();
    const ids = Array.from({ length: count }, () => newId('evt')).sort();
    const deliveries = ids.flatMap((id) =>
      endpoints.map((one): DeliveryDoc => ({
        _id: derivedId('dlv', `${id}/${one._id}`, at.getTime()),
        org_id: one.org_id,
        endpoint_id: one._id,
        event_id: id,
        event_type: 'event.created',
        partition: one.partition,
        status: 'pending',
        attempts: 0,
        failures: 0,
        trigger: 'automatic',
        next_attempt_at: at,
        epoch: null,
        created_at: at,
        settled_at: null,
        ...change,
      })),
    );
    await models.deliveries.insertMany(deliveries, { lean: true });
    if (withEvents) await accept(ids);
    return ids;
  }

  async function accept(ids: readonly string[]): Promise<void> {
    const at = new Date();
    const docs = ids.map((id, number) =>
      newEvent({
        ...{ id, orgId: 'org-pump', type: 'event.created', data: JSON.stringify({ number, b: 'ü', a: [1, { z: 1 }] }) },
        ...{ occurredAt: at, sourceId: null, at, raise: null, graceMs: 0 },
      }),
    );
    await models.events.insertMany(docs, { lean: true });
  }

  function start(term: Partial<Term> & { epoch: number }, change: Partial<PumpDeps> = {}): RunningPump {
    const stopping = new AbortController();
    const onBeat = () => (pump.beats += 1);
    const ended = createPump(deps(change)).run({
      ...{ partitions: allPartitions, holdsLease: () => true, signal: stopping.signal, onBeat },
      ...term,
    });
    const pump: RunningPump = {
      beats: 0,
      ended,
      async stop() {
        const beganAt = Date.now();
        stopping.abort();
        await ended;
        running.delete(pump);
        return Date.now() - beganAt;
      },
    };
    running.add(pump);
    return pump;
  }

  return {
    ...models,
    store,
    http,
    tries,
    /** Endpoints whose breakers are open. */
    open,
    endpoint,
    publish,
    accept,
    start,
    deliveriesOf: (one: EndpointDoc): Promise<DeliveryDoc[]> =>
      models.deliveries.find({ endpoint_id: one._id }).sort({ event_id: 1 }).lean<DeliveryDoc[]>().exec(),
    attemptsOf: (deliveryId: string): Promise<AttemptDoc[]> =>
      models.attempts.find({ delivery_id: deliveryId }).sort({ number: 1 }).lean<AttemptDoc[]>().exec(),
    async stopAll(): Promise<void> {
      await Promise.all([...running].map((pump) => pump.stop()));
    },
  };
}

/** Other timings of pumps, for `start`. */
export const pumpTimings = (change: Partial<Timings['pump']>): Pick<PumpDeps, 'timings'> => ({
  timings: { pump: { ...defaultTimings.pump, ...change } },
});

export type PumpHarness = Awaited<ReturnType<typeof createPumpHarness>>;

export const areAll =
  (...statuses: DeliveryDoc['status'][]) =>
  (deliveries: readonly DeliveryDoc[]): boolean =>
    deliveries.length > 0 && deliveries.every(({ status }) => statuses.includes(status));
