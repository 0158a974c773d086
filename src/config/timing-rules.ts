import type { Timings } from './timing-groups.js';

interface TimingRule {
  /** The duration that is named when the rule is broken. */
  path: [keyof Timings, string];
  holds: (timings: Timings) => boolean;
  /** What it must be, and why. */
  otherwise: string;
}

/** Combinations of durations that cannot work are refused by these rules. */
export const timingRules: readonly TimingRule[] = [
  {
    path: ['presence', 'aliveMs'],
    holds: ({ presence }) => presence.aliveMs > 3 * presence.everyMs,
    otherwise: 'must be more than three times presence.everyMs, so that a late announcement is no lost worker',
  },
  {
    path: ['presence', 'usableMs'],
    holds: ({ presence }) => presence.usableMs >= presence.freshMs,
    otherwise: 'must be at least presence.freshMs',
  },
  {
    path: ['activities', 'heartbeatTimeoutMs'],
    holds: ({ activities: { heartbeatEveryMs, heartbeatThrottleMs, heartbeatTimeoutMs } }) =>
      heartbeatTimeoutMs >= 2 * (heartbeatEveryMs + heartbeatThrottleMs),
    otherwise: 'must be at least twice activities.heartbeatEveryMs and heartbeatThrottleMs together',
  },
  {
    path: ['pump', 'heartbeatTimeoutMs'],
    holds: ({ activities, pump: { heartbeatEveryMs, heartbeatThrottleMs, heartbeatTimeoutMs } }) =>
      heartbeatTimeoutMs >= 2 * (heartbeatEveryMs + heartbeatThrottleMs) &&
      heartbeatTimeoutMs > activities.heartbeatEveryMs + heartbeatThrottleMs,
    otherwise:
      'must be at least twice pump.heartbeatEveryMs and heartbeatThrottleMs together, and more than activities.heartbeatEveryMs and that throttle',
  },
  {
    path: ['pump', 'stuckAfterMs'],
    holds: ({ pump, mongodb }) => pump.stuckAfterMs > mongodb.socketMs,
    otherwise: 'must be more than mongodb.socketMs, for which a turn may wait',
  },
  {
    path: ['mongodb', 'writeConcernMs'],
    holds: ({ mongodb }) => mongodb.writeConcernMs < mongodb.socketMs,
    otherwise: 'must be less than mongodb.socketMs, or a write without a majority is cut off instead of answered',
  },
  {
    path: ['pump', 'leaseMs'],
    holds: ({ pump }) => pump.leaseMs > 2 * pump.renewEveryMs,
    otherwise: 'must be more than twice pump.renewEveryMs, so that one renewal may fail',
  },
  {
    path: ['pump', 'claimMs'],
    holds: ({ pump }) => pump.claimMs > 2 * pump.renewClaimAfterMs,
    otherwise: 'must be more than twice pump.renewClaimAfterMs, so that one renewal may fail',
  },
  {
    path: ['pump', 'publishWithinMs'],
    holds: ({ pump }) => 2 * pump.publishWithinMs <= pump.orphanAfterMs,
    otherwise: 'must be at most half of pump.orphanAfterMs, or deliveries of accepted events could be dropped',
  },
  {
    path: ['health', 'lateMs'],
    holds: ({ health }) => health.lateMs > 2 * health.everyMs,
    otherwise: 'must be more than twice health.everyMs, after which every pump knows that a breaker is closed',
  },
  {
    path: ['retries', 'maxMs'],
    holds: ({ retries }) => retries.maxMs >= retries.firstMs,
    otherwise: 'must be at least retries.firstMs',
  },
  {
    path: ['tickets', 'lookUpAfterMs'],
    holds: ({ tickets, sweep }) => tickets.lookUpAfterMs < sweep.graceMs,
    otherwise: 'must be less than sweep.graceMs, or what the sweep recovers could reach the tracker twice',
  },
  {
    path: ['trackers', 'lookAfterMs'],
    holds: ({ trackers: { lookAfterMs } }) => lookAfterMs.every((value, n) => value > (lookAfterMs[n - 1] ?? 0)),
    otherwise: 'must be ascending',
  },
  {
    path: ['dns', 'maxTtlMs'],
    holds: ({ dns }) => dns.maxTtlMs >= dns.minTtlMs,
    otherwise: 'must be at least dns.minTtlMs',
  },
  {
    path: ['temporal', 'distrustMs'],
    holds: ({ temporal }) => temporal.distrustMs >= temporal.callTimeoutMs,
    otherwise: 'must be at least temporal.callTimeoutMs, so that calls that fail meanwhile prolong it',
  },
  {
    path: ['shutdown', 'requestsMs'],
    holds: ({ shutdown }) => shutdown.requestsMs > shutdown.idleConnectionsMs,
    otherwise: 'must be more than shutdown.idleConnectionsMs',
  },
  {
    path: ['shutdown', 'activitiesForceMs'],
    holds: ({ shutdown }) => shutdown.activitiesForceMs > shutdown.activitiesGraceMs,
    otherwise: 'must be more than shutdown.activitiesGraceMs, or nothing hears that it is to stop',
  },
  {
    path: ['shutdown', 'pumpForceMs'],
    holds: ({ shutdown, pump }) => shutdown.pumpForceMs > pump.drainMs,
    otherwise: 'must be more than pump.drainMs, or outcomes could be lost',
  },
  {
    path: ['observability', 'readinessTemporalMs'],
    holds: ({ observability }) => observability.readinessTemporalMs < observability.readinessTimeoutMs,
    otherwise: 'must be less than observability.readinessTimeoutMs',
  },
];
