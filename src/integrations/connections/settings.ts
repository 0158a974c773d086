import { z } from 'zod';
import { pollSeconds, projectKey, tableName } from '../../config/setting-rules.js';
import { reopenPolicies, type ReopenPolicy } from '../reopen-policy.js';
import { isEndpointUrl } from '../../lib/endpoint-url.js';

/** What becomes of a ticket that is reopened over there, unless a connection says otherwise. */
export const usualReopenPolicy: ReopenPolicy = 'reopen';

/** One line, as it goes into headers and paths of a tracker. */
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must be one line of text');

/** Basic credentials are cut at the first colon. */
const user = line(254).regex(/^[^:]*$/, 'must have no colon');

const address = z
  .string()
  .max(2000)
  .refine(isEndpointUrl, 'must be an http or https URL without credentials or a fragment');

const baseUrl = address
  .refine((url) => !url.includes('?'), 'must have no query')
  .transform((url) => url.replace(/\/+$/, ''))
  .meta({ description: 'Where the tracker is, such as `https://acme.atlassian.net`.' });

const shared = {
  poll_interval_seconds: z
    .number()
    .int()
    .min(pollSeconds.least)
    .max(pollSeconds.most)
    .default(pollSeconds.usual)
    .meta({ description: 'How often it is asked for what no webhook brought.' }),
  on_reopen: z
    .enum(reopenPolicies)
    .default(usualReopenPolicy)
    .meta({ description: 'What becomes of a ticket that is reopened over there.' }),
};

const webhookSettings = z
  .strictObject({ url: address.meta({ description: 'Where the signed events are posted.' }) })
  .meta({ id: 'ConnectionWebhookSettings' });

const jiraSettings = z
  .strictObject({
    base_url: baseUrl,
    email: user.optional().meta({ description: 'The account of the token: Basic with it, Bearer without.' }),
    project_key: z
      .string()
      .regex(projectKey, 'must be the key of a project, such as SEC')
      .optional()
      .meta({ description: 'The only visible project when left out.' }),
    issue_type: line(100).optional(),
    ...shared,
  })
  .meta({ id: 'ConnectionJiraSettings' });

const serviceNowSettings = z
  .strictObject({
    base_url: baseUrl,
    auth: z
      .enum(['basic', 'bearer', 'oauth'])
      .optional()
      .meta({ description: 'Left out: `oauth` with a `client_id`, `basic` with a `username`, else `bearer`.' }),
    username: user.optional(),
    client_id: line(254).optional(),
    table: z.string().regex(tableName, 'must be the name of a table, such as incident').default('incident'),
    close_code: line(100).optional(),
    comment_field: z.enum(['comments', 'work_notes']).default('comments'),
    ...shared,
  })
  .transform(({ auth, ...settings }) => ({ ...settings, auth: auth ?? usualAuth(settings) }))
  .meta({ id: 'ConnectionServiceNowSettings' });

const usualAuth = ({ client_id, username }: { client_id?: string | undefined; username?: string | undefined }) => {
  if (client_id !== undefined) return 'oauth' as const;
  return username === undefined ? ('bearer' as const) : ('basic' as const);
};

/** The settings that each of `connectionProviders` accepts. */
export const settingsSchemas = {
  webhook: webhookSettings,
  jira: jiraSettings,
  servicenow: serviceNowSettings,
} as const;

export type WebhookConnection = z.output<typeof webhookSettings>;
export type JiraConnection = z.output<typeof jiraSettings>;
export type ServiceNowConnection = z.output<typeof serviceNowSettings>;
export type ConnectionSettings = WebhookConnection | JiraConnection | ServiceNowConnection;
