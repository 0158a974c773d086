import type { TicketConfig, Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import type { MockTicketModels } from './mock/model.js';
import { createMockProvider } from './mock/provider.js';
import { createJiraProvider } from './jira/provider.js';
import type { ProviderName, TicketProvider } from './port.js';
import { createServiceNowProvider } from './servicenow/provider.js';
import { createWebhookProvider } from './webhook/provider.js';

type SettingKey = keyof TicketConfig['settings'];

/** What providers are made from. */
export interface ProviderSetup {
  settings: TicketConfig['settings'];
  publicUrl: string;
  mock: MockTicketModels;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
}

export interface ProviderDefinition {
  /** Environment keys it does not work without, in the order in which API.md names them. */
  requiredKeys: readonly SettingKey[];
  /** Called with all of them set. */
  build: (setup: ProviderSetup) => TicketProvider;
}

/** Every provider of the port as the environment sets it up. A new one is a line here, and a run of the contract suite. */
export const definitions: Record<ProviderName, ProviderDefinition> = {
  mock: {
    requiredKeys: [],
    build: ({ publicUrl, mock, logger }) => createMockProvider({ publicUrl, models: mock, logger }),
  },
  webhook: {
    requiredKeys: ['TICKET_WEBHOOK_URL', 'TICKET_WEBHOOK_SECRET'],
    build: ({ settings }) =>
      createWebhookProvider({ url: settings.TICKET_WEBHOOK_URL ?? '', secret: settings.TICKET_WEBHOOK_SECRET ?? '' }),
  },
  jira: {
    requiredKeys: ['JIRA_BASE_URL', 'JIRA_API_TOKEN'],
    build: ({ settings, timings: { trackers } }) =>
      createJiraProvider({
        baseUrl: settings.JIRA_BASE_URL ?? '',
        email: settings.JIRA_EMAIL,
        apiToken: settings.JIRA_API_TOKEN ?? '',
        projectKey: settings.JIRA_PROJECT_KEY,
        issueType: settings.JIRA_ISSUE_TYPE,
        lookAfterMs: trackers.lookAfterMs,
        createAgainAfterMs: trackers.createAgainAfterMs,
      }),
  },
  servicenow: {
    requiredKeys: ['SERVICENOW_BASE_URL', 'SERVICENOW_API_TOKEN'],
    build: ({ settings, timings: { trackers } }) =>
      createServiceNowProvider({
        baseUrl: settings.SERVICENOW_BASE_URL ?? '',
        auth: settings.SERVICENOW_USERNAME === undefined ? 'bearer' : 'basic',
        username: settings.SERVICENOW_USERNAME,
        apiToken: settings.SERVICENOW_API_TOKEN,
        table: settings.SERVICENOW_TABLE,
        closeCode: settings.SERVICENOW_CLOSE_CODE,
        lookAfterMs: trackers.lookAfterMs,
        createAgainAfterMs: trackers.createAgainAfterMs,
      }),
  },
};
