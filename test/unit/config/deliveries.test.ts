import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.js';

const deliveriesOf = (env: NodeJS.ProcessEnv) =>
  loadConfig({
    MONGODB_URI: 'mongodb://db.example:27017/drawbridge',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    ADMIN_API_KEY: 'x'.repeat(24),
    ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...env,
  }).deliveries;

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('what deliveries are set to', () => {
  it.each([{}, { DELIVERY_RETRY_SCHEDULE: '', DELIVERY_PUMPS: '', DELIVERY_RETENTION_DAYS: '' }])(
    'has the documented defaults when it is unset or empty',
    (env) => {
      expect(deliveriesOf(env)).toEqual({
        pumps: 1,
        retentionDays: 30,
        retryDelaysMs: [
          5 * second,
          ...[5 * minute, 30 * minute],
          ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour),
        ],
      });
    },
  );

  it('takes delays in seconds, minutes, hours and days', () => {
    expect(deliveriesOf({ DELIVERY_RETRY_SCHEDULE: '1s, 2m,3h,4d' }).retryDelaysMs).toEqual([
      second,
      2 * minute,
      3 * hour,
      4 * day,
    ]);
  });

  it.each(['5', 'soon', '0s', '8d', '-1s', '1.5h', ',', `1s${',1s'.repeat(20)}`])('refuses the delays %j', (value) => {
    expect(() => deliveriesOf({ DELIVERY_RETRY_SCHEDULE: value })).toThrow('DELIVERY_RETRY_SCHEDULE');
  });

  it.each(['0', '65', 'many'])('refuses %j pumps', (value) => {
    expect(() => deliveriesOf({ DELIVERY_PUMPS: value })).toThrow('DELIVERY_PUMPS');
  });
});
