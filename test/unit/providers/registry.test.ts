import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import type { TicketConfig } from '../../../src/config/index.js';
import { createLogger } from '../../../src/observability/logger.js';
import { mockTicketModels } from '../../../src/providers/mock/model.js';
import { createProviderRegistry } from '../../../src/providers/registry.js';

const nothing: TicketConfig['settings'] = {
  TICKET_WEBHOOK_URL: undefined,
  TICKET_WEBHOOK_SECRET: undefined,
  JIRA_BASE_URL: undefined,
  JIRA_API_TOKEN: undefined,
  SERVICENOW_BASE_URL: undefined,
  SERVICENOW_API_TOKEN: undefined,
};

const registry = (provider: string, settings: Partial<TicketConfig['settings']> = {}) =>
  createProviderRegistry({
    tickets: { provider, waitMs: 5_000, settings: { ...nothing, ...settings } },
    publicUrl: 'http://localhost:8080',
    mock: mockTicketModels(mongoose.createConnection()),
    logger: createLogger('silent'),
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

  it('never puts the mock in the place of what is not built', () => {
    const jira = registry('jira', { JIRA_BASE_URL: 'https://x.example', JIRA_API_TOKEN: 't' }).resolve('jira');
    expect(jira).toEqual({ status: 'not_built', detail: 'The ticket provider jira is not built yet.' });
    const settings = { SERVICENOW_BASE_URL: 'https://x.example', SERVICENOW_API_TOKEN: 't' };
    expect(registry('servicenow', settings).resolve('servicenow')).toMatchObject({ status: 'not_built' });
  });
});
