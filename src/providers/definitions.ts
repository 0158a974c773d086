import type { TicketConfig } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import type { MockTicketModels } from './mock/model.js';
import { createMockProvider } from './mock/provider.js';
import type { ProviderName, TicketProvider } from './port.js';
import { createWebhookProvider } from './webhook/provider.js';

type SettingKey = keyof TicketConfig['settings'];

/** What providers are made from. */
export interface ProviderSetup {
  settings: TicketConfig['settings'];
  publicUrl: string;
  mock: MockTicketModels;
  logger: Logger;
}

export interface ProviderDefinition {
  /** Environment keys it does not work without, in the order in which API.md names them. */
  requiredKeys: readonly SettingKey[];
  /** Called with all of them set. Absent: known by name, and not built yet. */
  build?: (setup: ProviderSetup) => TicketProvider;
}

/** Every provider of the port. A new one is a line here, and a run of the contract suite. */
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
  jira: { requiredKeys: ['JIRA_BASE_URL', 'JIRA_API_TOKEN'] },
  servicenow: { requiredKeys: ['SERVICENOW_BASE_URL', 'SERVICENOW_API_TOKEN'] },
};
