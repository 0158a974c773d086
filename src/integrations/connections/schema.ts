import { z } from 'zod';
import { timestamp } from '../../http/schema.js';
import { fieldMap, severityMaps, statusMap } from './maps.js';
import { connectionProviders } from './model.js';
import { secretsSchemas } from './secrets.js';
import { settingsSchemas } from './settings.js';

const name = z.string().min(1).max(200);
const isDefault = z.boolean().meta({ description: "Whether the org's new tickets go here. At most one is." });

const common = { name, default: isDefault.default(false), status_map: statusMap.optional() };

const createWebhook = z
  .strictObject({
    provider: z.literal('webhook'),
    ...common,
    settings: settingsSchemas.webhook,
    secrets: secretsSchemas.webhook.default({}),
    severity_map: severityMaps.webhook.optional(),
  })
  .meta({ id: 'ConnectionCreateWebhook' });

const createJira = z
  .strictObject({
    provider: z.literal('jira'),
    ...common,
    settings: settingsSchemas.jira,
    secrets: secretsSchemas.jira.default({}),
    severity_map: severityMaps.jira.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionCreateJira' });

const createServiceNow = z
  .strictObject({
    provider: z.literal('servicenow'),
    ...common,
    settings: settingsSchemas.servicenow,
    secrets: secretsSchemas.servicenow.default({}),
    severity_map: severityMaps.servicenow.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionCreateServiceNow' });

export const createConnectionBody = z
  .discriminatedUnion('provider', [createWebhook, createJira, createServiceNow], {
    error: `must be ${connectionProviders.join(', ')}`,
  })
  .meta({ id: 'ConnectionCreate' });

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
    settings: partial('Of this provider.', 'Those that are left out stay; `null` takes one away.'),
    secrets: partial(
      'Of this provider.',
      'Those that are left out stay, unless `base_url`, `url` or `username` changes: then 422 names those to send again.',
    ),
    severity_map: partial('As on creating.', 'Replaces all of it.'),
    status_map: statusMap.optional(),
    field_map: fieldMap.optional(),
  })
  .meta({ id: 'ConnectionUpdate' });

const checkSchema = z
  .object({
    id: z.string().meta({ description: '`credentials`, `project`, `issue_type`, `fields`, `statuses`, `table`…' }),
    status: z.enum(['ready', 'attention', 'missing']).meta({
      description: '`attention`: it works, with less. `missing`: tickets would fail.',
    }),
    detail: z.string(),
  })
  .meta({ id: 'ConnectionCheck' });

const checks = z.array(checkSchema).meta({ description: 'What was found of the tracker.' });

export const connectionTestSchema = z
  .object({ ok: z.boolean().meta({ description: 'Nothing is missing.' }), checks })
  .meta({ id: 'ConnectionTest' });

const open = (description: string) =>
  loose.meta({ override: { type: 'object', additionalProperties: true }, description });

export const connectionSchema = z
  .object({
    id: z.string(),
    org_id: z.string(),
    provider: z.enum(connectionProviders),
    name,
    default: isDefault,
    settings: open('As they are in force, with their defaults.'),
    secrets: z.record(z.string(), z.boolean()).meta({ description: 'Which are set; they are write-only.' }),
    severity_map: open("In the tracker's terms; wins over routing's."),
    status_map: open("A tracker's status to an evidence request's."),
    field_map: open('What each new ticket gets besides.'),
    webhook_url: z.string().meta({ description: "Where the tracker's webhooks go, signed with `webhook_secret`." }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Connection' });

export const createdConnectionSchema = connectionSchema
  .extend({
    webhook_secret: z.string().optional().meta({ description: 'Shown this once, and only when we made it.' }),
    checks,
  })
  .meta({ id: 'ConnectionCreated' });
