import { z } from 'zod';
import { pollSeconds, projectKey, tableName } from '../../config/setting-rules.js';
import { reopenPolicies, type ReopenPolicy } from '../reopen-policy.js';
import { isEndpointUrl } from '../../lib/endpoint-url.js';
import { withoutTrailingSlashes } from '../../lib/text.js';

/** What becomes of a ticket that is reopened over there, unless a connection says otherwise. */
export const defaultReopenPolicy: ReopenPolicy = 'reopen';

/** One line, as it goes into headers and paths of a tracker. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must be one line of text');

/** Basic credentials are cut at the first colon. */
const user = line(254).regex(/^[^:]*$/, 'must have no colon');

const address = z
  .string()
  .max(2000)
  .refine(isEndpointUrl, 'must be an http or https URL without credentials or a fragment');

const baseUrl = address
  .refine((url) => !url.includes('?'), 'must have no query')
  .transform(withoutTrailingSlashes)
  .meta({ description: 'The address of the tracker, such as `https://acme.atlassian.net`.' });

const shared = {
  poll_interval_seconds: z
    .number()
    .int()
    .min(pollSeconds.min)
    .max(pollSeconds.max)
    .default(pollSeconds.default)
    .meta({ description: 'How often the tracker is polled, besides its webhooks.' }),
  on_reopen: z
    .enum(reopenPolicies)
    .default(defaultReopenPolicy)
    .meta({ description: 'What happens when a closed ticket is reopened in the tracker.' }),
};

const webhookSettings = z
  .strictObject({ url: address.meta({ description: 'Where Drawbridge posts the signed webhooks of tickets.' }) })
  .meta({ id: 'ConnectionWebhookSettings', description: 'A tracker that takes signed webhooks.' });

const jiraSettings = z
  .strictObject({
    base_url: baseUrl,
    email: user.optional().meta({
      description: 'The account of the token. With it, Drawbridge authenticates by Basic, without it by Bearer.',
    }),
    project_key: z
      .string()
      .regex(projectKey, 'must be the key of a project, such as SEC')
      .optional()
      .meta({ description: 'The project for new tickets. Left out: the only visible project.' }),
    issue_type: line(100).optional().meta({ description: 'The type of new issues. Left out: `Task`.' }),
    ...shared,
  })
  .meta({ id: 'ConnectionJiraSettings', description: 'A Jira site and project.' });

const serviceNowSettings = z
  .strictObject({
    base_url: baseUrl,
    auth: z.enum(['basic', 'bearer', 'oauth']).optional().meta({
      description:
        'How Drawbridge authenticates. Left out: `oauth` with a `client_id`, `basic` with a `username`, otherwise `bearer`.',
    }),
    username: user.optional().meta({ description: 'The user of the integration.' }),
    client_id: line(254).optional().meta({ description: 'The client id for OAuth.' }),
    table: z
      .string()
      .regex(tableName, 'must be the name of a table, such as incident')
      .default('incident')
      .meta({ description: 'The table of new tickets.' }),
    close_code: line(100).optional().meta({ description: 'The close code of tickets that Drawbridge closes.' }),
    comment_field: z
      .enum(['comments', 'work_notes'])
      .default('comments')
      .meta({ description: 'The journal field that comments go to.' }),
    ...shared,
  })
  .transform(({ auth, ...settings }) => ({ ...settings, auth: auth ?? defaultAuth(settings) }))
  .meta({ id: 'ConnectionServiceNowSettings', description: 'A ServiceNow instance and table.' });

const defaultAuth = ({ client_id, username }: { client_id?: string | undefined; username?: string | undefined }) => {
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
