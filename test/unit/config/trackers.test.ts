import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.js';

const ticketsOf = (env: NodeJS.ProcessEnv) =>
  loadConfig({
    MONGODB_URI: 'mongodb://db.example:27017/drawbridge',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    ADMIN_API_KEY: 'x'.repeat(24),
    ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    ...env,
  }).tickets;

describe('what the environment says of trackers', () => {
  it('is nothing but the usual intervals when it is unset or empty', () => {
    for (const env of [{}, { JIRA_EMAIL: '', JIRA_POLL_INTERVAL_SECONDS: '', SERVICENOW_TABLE: '' }]) {
      const { settings, pollIntervalSeconds } = ticketsOf(env);
      expect(pollIntervalSeconds).toEqual({ jira: 300, servicenow: 300 });
      expect(Object.values(settings).filter((value) => value !== undefined)).toEqual([]);
    }
  });

  it('is taken as it is written', () => {
    const keys = {
      JIRA_EMAIL: 'bridge@acme.example',
      JIRA_PROJECT_KEY: 'SEC',
      JIRA_ISSUE_TYPE: 'Bug',
      JIRA_WEBHOOK_SECRET: 's1',
      SERVICENOW_USERNAME: 'bridge',
      SERVICENOW_TABLE: 'u_case',
      SERVICENOW_CLOSE_CODE: 'Solved (Permanently)',
      SERVICENOW_WEBHOOK_SECRET: 's2',
    };
    const intervals = { JIRA_POLL_INTERVAL_SECONDS: '5', SERVICENOW_POLL_INTERVAL_SECONDS: '60' };
    const { settings, pollIntervalSeconds } = ticketsOf({ ...keys, ...intervals });
    expect(settings).toMatchObject(keys);
    expect(pollIntervalSeconds).toEqual({ jira: 5, servicenow: 60 });
  });

  it.each([
    ['JIRA_POLL_INTERVAL_SECONDS', '4'],
    ['SERVICENOW_POLL_INTERVAL_SECONDS', 'often'],
    ['JIRA_PROJECT_KEY', 'A" OR project = B'],
    ['SERVICENOW_TABLE', '../sys_user'],
  ])('is refused with %s=%s, which the error names', (key, value) => {
    expect(() => ticketsOf({ [key]: value })).toThrow(key);
  });
});
