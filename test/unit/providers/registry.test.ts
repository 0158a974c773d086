import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import type { TicketConfig } from '../../../src/config/index.js';
import { defaultTimings } from '../../../src/config/timings.js';
import { createLogger } from '../../../src/observability/logger.js';
import { mockTicketModels } from '../../../src/integrations/mock/model.js';
import { createProviderRegistry } from '../../../src/integrations/registry.js';

const nothing: TicketConfig['settings'] = {
  TICKET_WEBHOOK_URL: undefined,
  TICKET_WEBHOOK_SECRET: undefined,
  JIRA_BASE_URL: undefined,
  JIRA_API_TOKEN: undefined,
  JIRA_EMAIL: undefined,
  JIRA_PROJECT_KEY: undefined,
  JIRA_ISSUE_TYPE: undefined,
  JIRA_WEBHOOK_SECRET: undefined,
  SERVICENOW_BASE_URL: undefined,
  SERVICENOW_API_TOKEN: undefined,
  SERVICENOW_USERNAME: undefined,
  SERVICENOW_TABLE: undefined,
  SERVICENOW_CLOSE_CODE: undefined,
  SERVICENOW_WEBHOOK_SECRET: undefined,
};

const registry = (provider: string, settings: Partial<TicketConfig['settings']> = {}) =>
  createProviderRegistry({
    tickets: { provider, settings: { ...nothing, ...settings } },
    publicUrl: 'http://localhost:8080',
    mock: mockTicketModels(mongoose.createConnection()),
    logger: createLogger('silent'),
    timings: defaultTimings,
  });

describe('the registry of providers', () => {
  it.each(['mock', 'webhook', 'jira', 'servicenow'])('takes %s as the default when it is named', (name) => {
    expect(registry(name)).toMatchObject({ defaultName: name, unknownValue: null });
  });

  it.each(['zendesk', 'Jira', 'toString', ''])('falls back to the mock on %j, and says so', (name) => {
    expect(registry(name)).toMatchObject({ defaultName: 'mock', unknownValue: name });
  });

  it('always has the mock, and makes each provider once', () => {
    const providers = registry('jira');
    const first = providers.resolve('mock');
    expect(first).toMatchObject({ status: 'ready', provider: { name: 'mock' } });
    expect(providers.resolve('mock')).toEqual(first);
  });

  it.each([
    ['webhook', {}, ['TICKET_WEBHOOK_URL', 'TICKET_WEBHOOK_SECRET']],
    ['webhook', { TICKET_WEBHOOK_URL: 'http://tracker.example/' }, ['TICKET_WEBHOOK_SECRET']],
    ['webhook', { TICKET_WEBHOOK_SECRET: 'canary' }, ['TICKET_WEBHOOK_URL']],
    ['webhook', { TICKET_WEBHOOK_URL: 'http://[canary', TICKET_WEBHOOK_SECRET: 's' }, ['TICKET_WEBHOOK_URL']],
    ['jira', {}, ['JIRA_BASE_URL', 'JIRA_API_TOKEN']],
    ['jira', { JIRA_BASE_URL: 'https://x.example' }, ['JIRA_API_TOKEN']],
    ['servicenow', {}, ['SERVICENOW_BASE_URL', 'SERVICENOW_API_TOKEN']],
    ['servicenow', { SERVICENOW_API_TOKEN: 'canary' }, ['SERVICENOW_BASE_URL']],
  ] as const)('%s with %j names what is missing, in order', (name, settings, missing) => {
    const resolved = registry('mock', settings).resolve(name);
    expect(resolved).toMatchObject({ status: 'not_configured', missing });
    for (const key of missing) expect(resolved).toMatchObject({ detail: expect.stringContaining(key) as string });
    expect(JSON.stringify(resolved)).not.toContain('canary');
  });

  it('gives the webhook when both keys are set', async () => {
    const providers = registry('webhook', {
      TICKET_WEBHOOK_URL: 'http://tracker.example/',
      TICKET_WEBHOOK_SECRET: 's',
    });
    expect(providers.resolve('webhook')).toMatchObject({ status: 'ready', provider: { name: 'webhook' } });
    await providers.close();
  });

  it.each([
    ['jira', { JIRA_BASE_URL: 'https://x.example', JIRA_API_TOKEN: 't' }, 'x-hub-signature'],
    ['servicenow', { SERVICENOW_BASE_URL: 'https://x.example', SERVICENOW_API_TOKEN: 't' }, 'x-signature'],
  ] as const)('makes %s of its keys', async (name, settings, signatureHeader) => {
    const providers = registry(name, settings);
    const provider = { name, tracker: { signatureHeader } };
    expect(providers.resolve(name)).toMatchObject({ status: 'ready', provider });
    await providers.close();
  });
});
