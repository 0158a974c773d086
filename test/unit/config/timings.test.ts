import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config/index.js';
import { defaultTimings } from '../../../src/config/timings.js';
import { closedTicketLingerMs } from '../../../workflows/contracts/workflow-starts.js';
import { defaultHeartbeatTimeoutMs, defaultPumpHeartbeatTimeoutMs } from '../../../workflows/contracts/heartbeat.js';
import { testTimings, timingsEnv } from '../../support/timings.js';

const timingsOf = (value?: string) =>
  loadConfig({
    MONGODB_URI: 'mongodb://db.example:27017/drawbridge',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    ADMIN_API_KEY: 'x'.repeat(24),
    ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...(value !== undefined && { DRAWBRIDGE_TIMINGS: value }),
  }).timings;

const problemsOf = (value: unknown): readonly string[] => {
  try {
    timingsOf(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  throw new Error('It was taken.');
};

describe('the timings', () => {
  it.each([undefined, '', '{}', '{"sweep":{}}'])('are the defaults for %j', (value) => {
    expect(timingsOf(value)).toEqual(defaultTimings);
  });

  it('differ only where they are set, and cannot be changed afterwards', () => {
    const timings = timingsOf('{"sweep":{"everyMs":200},"health":{"probeDelaysMs":[500,1000]}}');
    const { sweep, health } = defaultTimings;
    expect(timings).toEqual({
      ...defaultTimings,
      sweep: { ...sweep, everyMs: 200 },
      health: { ...health, probeDelaysMs: [500, 1_000] },
    });
    for (const one of [timings, ...Object.values(timings), timings.health.probeDelaysMs, health.probeDelaysMs]) {
      expect(Object.isFrozen(one)).toBe(true);
    }
  });

  it.each([
    ['{"sweep":', 'DRAWBRIDGE_TIMINGS must be JSON, such as {"sweep":{"everyMs":1000}}'],
    ['[]', 'DRAWBRIDGE_TIMINGS must be a JSON object'],
    [{ sweeper: {} }, 'DRAWBRIDGE_TIMINGS has unknown names: sweeper'],
    [{ sweep: { every: 5, lease: 6 } }, 'DRAWBRIDGE_TIMINGS.sweep has unknown names: every, lease'],
    [{ sweep: 5_000 }, 'DRAWBRIDGE_TIMINGS.sweep must be a JSON object'],
    ...['5 seconds', null, -1, 9, 0.5, 1e12].map((everyMs): [object, string] => [
      { sweep: { everyMs } },
      'DRAWBRIDGE_TIMINGS.sweep.everyMs must be a whole number of milliseconds from 10 to 2147483647',
    ]),
    [{ trackers: { lookAfterMs: [] } }, 'DRAWBRIDGE_TIMINGS.trackers.lookAfterMs must have one delay or more'],
    [{ trackers: { lookAfterMs: [500, 400] } }, 'DRAWBRIDGE_TIMINGS.trackers.lookAfterMs must be ascending'],
  ])('refuse %j by its name', (value, problem) => {
    expect(problemsOf(value)).toEqual([problem]);
  });

  it.each([
    [{ presence: { everyMs: 2_000, aliveMs: 6_000 } }, 'presence.aliveMs', 'presence.everyMs'],
    [{ activities: { heartbeatTimeoutMs: 7_999 } }, 'activities.heartbeatTimeoutMs', 'heartbeatThrottleMs'],
    [{ pump: { heartbeatTimeoutMs: 3_999 } }, 'pump.heartbeatTimeoutMs', 'heartbeatThrottleMs'],
    [{ activities: { heartbeatEveryMs: 4_600, heartbeatTimeoutMs: 20_000 } }, 'pump.heartbeatTimeoutMs', 'throttle'],
    [{ pump: { renewEveryMs: 2_500 } }, 'pump.leaseMs', 'pump.renewEveryMs'],
    [{ pump: { renewClaimAfterMs: 30_000 } }, 'pump.claimMs', 'pump.renewClaimAfterMs'],
    [{ pump: { orphanAfterMs: 9_999 } }, 'pump.publishWithinMs', 'pump.orphanAfterMs'],
    [{ mongodb: { socketMs: 40_000 } }, 'pump.stuckAfterMs', 'mongodb.socketMs'],
    [{ health: { everyMs: 1_500 } }, 'health.lateMs', 'health.everyMs'],
    [{ sweep: { graceMs: 3_000 } }, 'tickets.lookUpAfterMs', 'sweep.graceMs'],
    [{ retries: { maxMs: 999 } }, 'retries.maxMs', 'retries.firstMs'],
    [{ temporal: { callTimeoutMs: 5_001 } }, 'temporal.distrustMs', 'temporal.callTimeoutMs'],
    [{ shutdown: { pumpForceMs: 5_000 } }, 'shutdown.pumpForceMs', 'pump.drainMs'],
  ])('refuse %j, which cannot work, and say what it depends on', (value, name, depends) => {
    const problems = problemsOf(value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`DRAWBRIDGE_TIMINGS.${name} must be`);
    expect(problems[0]).toContain(depends);
  });

  it('are all named at once when several are wrong', () => {
    expect(problemsOf({ sweep: { everyMs: 1 }, retry: {}, pump: { leaseMs: '1 s' } })).toHaveLength(3);
  });

  it('say of each duration what it governs', () => {
    const lines = readFileSync(path.join(import.meta.dirname, '../../../src/config/timing-groups.ts'), 'utf8').split(
      '\n',
    );
    const fields = lines.flatMap((line, n) => (/^ {2,4}\w+: (group|ms|whole|delaysMs)\(/.test(line) ? [n] : []));
    expect(fields.length).toBeGreaterThan(60);
    for (const n of fields) expect(lines[n - 1], lines[n]).toMatch(/\*\/$/);
  });

  it('leave to workflows what their own defaults are', () => {
    expect(defaultTimings.activities.heartbeatTimeoutMs).toBe(defaultHeartbeatTimeoutMs);
    expect(defaultTimings.pump.heartbeatTimeoutMs).toBe(defaultPumpHeartbeatTimeoutMs);
    expect(defaultTimings.tickets.closedLingerMs).toBe(closedTicketLingerMs);
  });
});

describe('the timings of the tests', () => {
  it('are small, and are what the processes of a product get', () => {
    expect(timingsOf(timingsEnv().DRAWBRIDGE_TIMINGS)).toEqual(testTimings);
    expect(testTimings.sweep.everyMs).toBeLessThan(defaultTimings.sweep.everyMs / 10);
  });

  it('can be changed by a test, one by one', () => {
    const { DRAWBRIDGE_TIMINGS } = timingsEnv({ sweep: { everyMs: 9_000 } });
    expect(timingsOf(DRAWBRIDGE_TIMINGS)).toEqual({ ...testTimings, sweep: { ...testTimings.sweep, everyMs: 9_000 } });
  });
});
