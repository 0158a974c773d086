import { randomBytes } from 'node:crypto';
import type { EndpointActivityDeps } from '../../activities/endpoints/context.js';
import { disableEndpoint } from '../../activities/endpoints/disable.js';
import { releaseParked } from '../../activities/endpoints/release.js';
import { checkEndpoint } from '../../activities/endpoints/check.js';
import { defaultTimings, type Timings } from '../../src/config/timings.js';
import { newId } from '../../src/lib/ids.js';
import { createLogger } from '../../src/observability/logger.js';
import { createAudit } from '../../src/auth/audit/audit.js';
import type { AuditEntryDoc } from '../../src/auth/audit/model.js';
import { createCipher } from '../../src/lib/encryption.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { partitionOf } from '../../src/webhooks/endpoints/partition.js';
import { generateSecret, encryptSecret } from '../../src/webhooks/endpoints/secrets.js';
import { createEndpointChanged } from '../../src/webhooks/health/changed.js';
import { createDisabling } from '../../src/webhooks/health/disabling.js';
import { createHealth, type HealthDeps } from '../../src/webhooks/health/health.js';
import { createHealthOf } from '../../src/webhooks/health/health-of.js';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import { createParked } from '../../src/webhooks/health/parked.js';
import { createProbe } from '../../src/webhooks/health/probe.js';
import { newHealth } from '../../src/webhooks/health/writes.js';
import { createAttemptOnce } from '../../src/webhooks/pump/attempt.js';
import { openTestDatabase } from '../support/mongo.js';
import { createPumpHarness } from './pump-harness.js';
import type { Release, EndpointCheck } from '../../workflows/contracts/endpoint.js';

export const orgId = 'org-pump';
export const ago = (ms: number) => new Date(Date.now() - ms);
/** For `publish`: deliveries that wait for a probe to get through. */
export const parked = { change: { status: 'parked', next_attempt_at: null } } as const;
const quick = { ...defaultTimings.health, everyMs: 50, opensAfter: 3, opensOverMs: 0, calmMs: 300 };

export type HealthHarness = Awaited<ReturnType<typeof openHealth>>;

/** Health, probes and pumps on a database of its own, and what they leave behind. */
export async function openHealth() {
  const { connection, models, close } = await openTestDatabase();
  const { health, auditEntries: audits } = models;
  const pumps = await createPumpHarness({ connection, models });
  const { deliveries, attempts, store, http } = pumps;
  const cipher = createCipher({ key: randomBytes(32) });
  const parked = createParked({ deliveries, attempts });
  const deps: EndpointActivityDeps = {
    health,
    endpoints: store,
    parked,
    probe: createProbe({ ...pumps, cipher, attemptOnce: createAttemptOnce({ http }), timings: defaultTimings }),
    disable: createDisabling({ store, audit: createAudit({ entries: audits }) }),
    logger: createLogger('silent'),
    timings: defaultTimings,
  };
  const goesOn = new AbortController().signal;
  const opened: { close: () => Promise<void> }[] = [];

  return {
    ...pumps,
    connection,
    models,
    health,
    parked,
    deps,
    cipher,
    healthOf: createHealthOf({ health, parked }),
    changed: createEndpointChanged({ health, logger: createLogger('silent') }),
    /** A process's. */
    process(timings: Partial<Timings['health']> = {}, change: Partial<HealthDeps> = {}) {
      const one = createHealth({
        ...{ health, deliveries, attempts, logger: createLogger('silent') },
        timings: { health: { ...quick, ...timings } },
        ...change,
      });
      opened.push(one);
      return one;
    },
    endpoint(url = 'http://127.0.0.1:9/', change: Partial<EndpointDoc> = {}, secret = generateSecret()) {
      const _id = newId('wh');
      const secrets = [encryptSecret(cipher, { _id, org_id: orgId }, newId('key'), secret, new Date())];
      return pumps.endpoint(url, { _id, secrets, partition: partitionOf(_id), ...change });
    },
    healthIs: (one: EndpointDoc, change: Partial<HealthDoc> = {}) =>
      health.create({ ...newHealth(one._id, orgId, new Date()), ...change }),
    /** An endpoint whose breaker is open, and whose probe is due. */
    async sick(url?: string, change: Partial<EndpointDoc> = {}, state: Partial<HealthDoc> = {}) {
      const one = await this.endpoint(url, change);
      const [failing_since, last_failure_at] = [ago(600_000), ago(1_000)];
      await this.healthIs(one, {
        ...{ breaker: 'open', failures_in_a_row: 10, failing_since, last_failure_at },
        ...{ opened_at: ago(500_000), next_probe_at: ago(1), ring_after: ago(1), ...state },
      });
      return one;
    },
    statusesOf: async (one: EndpointDoc) => (await pumps.deliveriesOf(one)).map(({ status }) => status),
    found: (one: EndpointDoc) => health.findById(one._id).orFail().lean<HealthDoc>().exec(),
    auditOf: (one: EndpointDoc) => audits.find({ 'subject.id': one._id }).lean<AuditEntryDoc[]>().exec(),
    check: (one: EndpointDoc, change: Partial<EndpointCheck> = {}, signal = goesOn) =>
      checkEndpoint(
        deps,
        { orgId, endpointId: one._id, probeDelaysMs: [1_000, 60_000, 600_000], isLast: false, ...change },
        signal,
      ),
    release: (one: EndpointDoc, change: Partial<Release> = {}, signal = goesOn) =>
      releaseParked(deps, { orgId, endpointId: one._id, most: 100, waitMs: 0, ...change }, signal),
    disable: (one: EndpointDoc, afterMs: number) => disableEndpoint(deps, { orgId, endpointId: one._id, afterMs }),
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await pumps.stopAll();
      await http.close();
      await close();
    },
  };
}
