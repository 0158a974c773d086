import type { z } from 'zod';
import { defaultTimings, timingsSchema, type Timings } from '../../src/config/timings.js';

type Overrides = z.input<typeof timingsSchema>;

/**
 * Small, so that recovery takes seconds instead of tens of them. Leases and heartbeat timeouts stay far above the stalls of
 * a busy machine with two cores: one that runs out by mistake would break what a test promises, and grace periods that do
 * cost it wake-ups for nothing. What is missing here is as in production.
 */
const small = {
  sweep: { everyMs: 250, leaseMs: 4_000, graceMs: 2_500, retryGraceMs: 3_000 },
  dispatch: {
    leaseMs: 4_000,
    temporalDownMs: 1_000,
    eventGraceMs: 2_500,
    escalationGraceMs: 2_500,
    slaGraceMs: 3_000,
    notificationGraceMs: 5_000,
    endpointGraceMs: 5_000,
  },
  presence: { everyMs: 1_000, aliveMs: 4_000, freshMs: 300, usableMs: 3_000 },
  // A question that is answered late means a server that is down, and then no call waits for its workflow.
  temporal: { pingTimeoutMs: 5_000 },
  workflows: { stickyTimeoutMs: 1_500 },
  activities: { heartbeatEveryMs: 1_000, heartbeatThrottleMs: 500, heartbeatTimeoutMs: 4_000, storeRetryMs: 1_000 },
  pump: {
    checkEveryMs: 2_000,
    heartbeatThrottleMs: 500,
    heartbeatTimeoutMs: 3_500,
    leaseMs: 2_500,
    renewEveryMs: 800,
    orphanAfterMs: 3_000,
    publishWithinMs: 1_500,
    storeRetryMs: 300,
  },
  health: { everyMs: 300, lateMs: 1_000 },
  retries: { firstMs: 300 },
  tickets: { lookUpAfterMs: 2_000 },
  trackers: {
    lookAfterMs: [300, 800, 1_500, 3_000],
    createAgainAfterMs: 5_000,
    believedMs: 300,
    probeDelaysMs: [300, 600],
    busyRetryMs: 300,
  },
  schedules: { checkEveryMs: 500 },
  audit: { recoverEveryMs: 500, interruptedAfterMs: 20_000 },
  idempotency: { leaseMs: 3_000 },
  shutdown: { idleConnectionsMs: 100, activitiesGraceMs: 1_000, activitiesForceMs: 10_000 },
  observability: { backlogFreshMs: 500, healthFileEveryMs: 500 },
  console: { liveEveryMs: 500 },
} satisfies Overrides;

/** What processes of the product run with in tests. */
export const testTimings: Timings = timingsSchema.parse(small);

/** The environment of processes with other timings than `testTimings`. @param overrides by group, only what differs */
export function timingsEnv(overrides: Overrides = {}): { DRAWBRIDGE_TIMINGS: string } {
  const names = Object.keys(defaultTimings) as (keyof Timings)[];
  const merged = Object.fromEntries(names.map((name) => [name, { ...testTimings[name], ...overrides[name] }]));
  return { DRAWBRIDGE_TIMINGS: JSON.stringify(merged) };
}
