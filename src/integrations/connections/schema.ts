import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pageOf } from '../../http/paging.js';
import { createdAt, orgIdField, updatedAt } from '../../http/schema.js';
import { fieldMap, severityMaps, statusMap } from './maps.js';
import { connectionProviders } from './model.js';
import { secretsSchemas } from './secrets.js';
import { settingsSchemas } from './settings.js';

const name = z.string().min(1).max(200).meta({ description: 'The name, for people.' });
const isDefault = z
  .boolean()
  .meta({ description: 'Whether new tickets of the org go here. At most one connection is the default.' });
const provider = <const P extends (typeof connectionProviders)[number]>(of: P) =>
  z.literal(of).meta({ description: 'The kind of tracker.' });

const common = { name, default: isDefault.default(false), status_map: statusMap.optional() };

const createWebhook = z
  .strictObject({
    provider: provider('webhook'),
    ...common,
    settings: settingsSchemas.webhook,
    secrets: secretsSchemas.webhook.default({}),
    severity_map: severityMaps.webhook.optional(),
  })
  .meta({ id: 'ConnectionCreateWebhook', description: 'A new connection to a tracker that takes signed webhooks.' });

const createJira = z
  .strictObject({
    provider: provider('jira'),
    ...common,
    settings: settingsSchemas.jira,
    secrets: secretsSchemas.jira.default({}),
    severity_map: severityMaps.jira.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionCreateJira', description: 'A new connection to Jira.' });

const createServiceNow = z
  .strictObject({
    provider: provider('servicenow'),
    ...common,
    settings: settingsSchemas.servicenow,
    secrets: secretsSchemas.servicenow.default({}),
    severity_map: severityMaps.servicenow.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionCreateServiceNow', description: 'A new connection to ServiceNow.' });

export const createConnectionBody = z
  .discriminatedUnion('provider', [createWebhook, createJira, createServiceNow], {
    error: `must be ${connectionProviders.join(', ')}`,
  })
  .meta({ id: 'ConnectionCreate', description: 'A new connection.' });

const loose = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'must be an object' },
);

const partial = (what: string, description: string) =>
  loose
    .optional()
    .meta({ override: { type: 'object', additionalProperties: true }, description: `${what} ${description}` });

/** What a provider takes is checked when it is known which one it is. */
export const updateConnectionBody = z
  .strictObject({
    name: name.optional(),
    default: isDefault.optional(),
    settings: partial('Settings of this kind of tracker.', 'Settings that are left out stay; `null` removes one.'),
    secrets: partial(
      'Secrets of this kind of tracker.',
      'Secrets that are left out stay, unless `base_url`, `url` or `username` changes: then 422 names the ones to send again.',
    ),
    severity_map: partial('Each severity in the terms of the tracker.', 'Replaces the whole map.'),
    status_map: statusMap.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionUpdate', description: 'What changes of a connection.' });

const checkSchema = z
  .object({
    id: z.string().meta({
      description:
        'What was checked: `credentials`, `project`, `issue_type`, `fields`, `statuses`, `table` and others.',
    }),
    status: z.enum(['ready', 'attention', 'missing']).meta({
      description: '`ready`: it works. `attention`: it works with limits. `missing`: tickets would fail.',
    }),
    detail: z.string().meta({ description: 'What was found, and what to do about it.' }),
  })
  .meta({ id: 'ConnectionCheck', description: 'One thing that was checked of a tracker.' });

const checks = z.array(checkSchema).meta({ description: 'What the tracker says.' });

export const connectionTestSchema = z
  .object({ ok: z.boolean().meta({ description: 'Whether nothing is missing.' }), checks })
  .meta({ id: 'ConnectionTest', description: 'What a test of a connection found.' });

const open = (description: string) =>
  loose.meta({ override: { type: 'object', additionalProperties: true }, description });

export const connectionSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the connection.' }),
    org_id: orgIdField,
    provider: z.enum(connectionProviders).meta({ description: 'The kind of tracker.' }),
    name,
    default: isDefault,
    settings: open('The settings in force, defaults included. They differ by provider.'),
    secrets: z
      .record(z.string(), z.boolean())
      .meta({ description: 'Which secrets are set. Their values are write-only.' }),
    severity_map: open('Each severity in the terms of the tracker. It wins over the map of the routing.'),
    status_map: open('Statuses of the tracker, and what each makes of an evidence request.'),
    field_map: open('Fields that each new ticket gets.'),
    webhook_url: z
      .string()
      .meta({ description: 'Where the tracker posts its webhooks, signed with `webhook_secret`.' }),
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: 'Connection', description: 'A tracker of an org.' });

export const connectionListSchema = pageOf(connectionSchema, 'ConnectionList');

export const createdConnectionSchema = connectionSchema
  .extend({
    webhook_secret: z
      .string()
      .optional()
      .meta({ description: 'The secret of the webhooks. It is shown only here, and only when Drawbridge made it.' }),
    checks,
  })
  .meta({ id: 'ConnectionCreated', description: 'A new connection, and what the tracker says.' });

export const checksExample: z.input<typeof checkSchema>[] = [
  { id: 'credentials', status: 'ready', detail: 'Jira knows the token, as Drawbridge Bot.' },
  { id: 'project', status: 'ready', detail: 'Tickets go to the project SEC.' },
];

export const connectionExample: z.input<typeof connectionSchema> = {
  id: example.connection,
  org_id: example.org,
  provider: 'jira',
  name: 'Security board',
  default: true,
  settings: {
    base_url: 'https://acme.atlassian.net',
    email: 'bot@acme.example',
    project_key: 'SEC',
    issue_type: 'Task',
    poll_interval_seconds: 300,
    on_reopen: 'reopen',
  },
  secrets: { api_token: true, webhook_secret: true },
  severity_map: { critical: 'Highest' },
  status_map: { Done: 'accepted' },
  field_map: {},
  webhook_url: `https://drawbridge.example.com/api/v1/webhooks/connections/${example.connection}`,
  created_at: example.at,
  updated_at: example.at,
};

export const createConnectionExamples: Record<
  string,
  { summary: string; value: z.input<typeof createConnectionBody> }
> = {
  jira: {
    summary: 'Jira',
    value: {
      provider: 'jira',
      name: 'Security board',
      default: true,
      settings: { base_url: 'https://acme.atlassian.net', email: 'bot@acme.example', project_key: 'SEC' },
      secrets: { api_token: 'ATATT3xFfGF0-example' },
      severity_map: { critical: 'Highest' },
      status_map: { Done: 'accepted' },
    },
  },
  servicenow: {
    summary: 'ServiceNow',
    value: {
      provider: 'servicenow',
      name: 'Service desk',
      settings: { base_url: 'https://acme.service-now.com', username: 'drawbridge' },
      secrets: { api_token: 'a-password' },
      severity_map: { critical: { impact: 1, urgency: 1 } },
    },
  },
  webhook: {
    summary: 'A signed webhook',
    value: {
      provider: 'webhook',
      name: 'Our own tracker',
      settings: { url: 'https://tracker.example.com/drawbridge' },
    },
  },
};
