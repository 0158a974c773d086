import { z } from 'zod';
import { permissions } from '../http/caller.js';
import { example } from '../http/example-values.js';
import { pageOf } from '../http/paging.js';
import { actorSchema, createdAt, instant, orgIdField, timestamp, updatedAt } from '../http/schema.js';

const orgId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,38}$/, 'must be 2 to 39 lower-case letters, digits and hyphens, the first not a hyphen')
  .meta({ description: 'The id of the org, which stands in every path. It never changes.' });
const orgName = z.string().min(1).max(200).meta({ description: 'The name, for people.' });
const keyName = z.string().min(1).max(200).meta({ description: 'What the key is for.' });

export const createOrgBody = z
  .strictObject({ id: orgId, name: orgName })
  .meta({ id: 'OrgCreate', description: 'A new org.' });
export const updateOrgBody = z
  .strictObject({ name: orgName.optional() })
  .meta({ id: 'OrgUpdate', description: 'What changes of an org.' });

export const orgSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the org, which stands in every path.' }),
    name: orgName,
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: 'Org', description: 'One tenant.' });

export const orgListSchema = pageOf(orgSchema, 'OrgList');

const permission = z.enum(permissions).meta({
  id: 'Permission',
  description:
    'What a key may do. `configure` includes `read` and `review`; `review` includes `read`; `ingest` sends events and raises escalations.',
});

const actsAsInput = z
  .strictObject({
    id: z.string().min(1).max(200).meta({ description: 'The id of the actor.' }),
    name: z.string().min(1).max(200).meta({ description: 'The name of the actor.' }),
    email: z.email().max(320).nullish().meta({ description: 'The e-mail address of the actor.' }),
  })
  .meta({ id: 'ApiKeyActsAsInput', description: 'The actor that is recorded for calls with a key.' });

export const createApiKeyBody = z
  .strictObject({
    name: keyName,
    permissions: z
      .array(permission)
      .min(1)
      .max(permissions.length)
      .transform((list) => [...new Set(list)])
      .meta({ description: 'What the key may do.' }),
    acts_as: actsAsInput
      .nullish()
      .meta({ description: 'Who is recorded as the actor; without it, the key by its name.' }),
    may_act: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether calls may name the actor with X-Actor-Id and X-Actor-Name.' }),
    expires_at: instant
      .refine((at) => at > new Date(), 'must be in the future')
      .nullish()
      .meta({ description: 'When the key expires; null or left out: never.' }),
  })
  .meta({ id: 'ApiKeyCreate', description: 'A new API key.' });

const actsAs = z
  .object({
    id: z.string().meta({ description: 'The id of the actor.' }),
    name: z.string().meta({ description: 'The name of the actor.' }),
    email: z.string().nullable().meta({ description: 'The e-mail address of the actor.' }),
  })
  .meta({ id: 'ApiKeyActsAs', description: 'The actor that is recorded for calls with a key.' });

export const apiKeySchema = z
  .object({
    id: z.string().meta({ description: 'The id of the key.' }),
    org_id: orgIdField,
    name: keyName,
    prefix: z.string().meta({ description: 'The first characters of the key, to recognise it by.' }),
    permissions: z.array(permission).meta({ description: 'What the key may do.' }),
    acts_as: actsAs.nullable().meta({ description: 'Who is recorded as the actor; null: the key itself.' }),
    may_act: z.boolean().meta({ description: 'Whether calls may name the actor with X-Actor-Id and X-Actor-Name.' }),
    expires_at: timestamp.nullable().meta({ description: 'When the key expires; null: never.' }),
    last_used_at: timestamp.nullable().meta({ description: 'The last use, to the minute; null: never used.' }),
    created_at: createdAt,
  })
  .meta({ id: 'ApiKey', description: 'An API key, without its text.' });

export const apiKeyListSchema = pageOf(apiKeySchema, 'ApiKeyList');

export const createdApiKeySchema = apiKeySchema
  .extend({ key: z.string().meta({ description: 'The key itself. It is shown only here.' }) })
  .meta({ id: 'ApiKeyCreated', description: 'A new API key, with its text.' });

const whoamiOrg = z
  .object({
    id: z.string().meta({ description: 'The id of the org.' }),
    name: z.string().meta({ description: 'The name of the org.' }),
  })
  .meta({ id: 'WhoamiOrg', description: 'The org of a key.' });

export const whoamiSchema = z
  .object({
    org: whoamiOrg.nullable().meta({ description: 'The org of the key; null for the admin key.' }),
    admin: z.boolean().meta({ description: 'Whether this is the admin key.' }),
    permissions: z.array(permission).meta({ description: 'What the key may do.' }),
    actor: actorSchema,
  })
  .meta({ id: 'Whoami', description: 'The caller, as Drawbridge sees it.' });

export const orgExample: z.input<typeof orgSchema> = {
  id: example.org,
  name: example.orgName,
  created_at: example.at,
  updated_at: example.at,
};

export const apiKeyExample: z.input<typeof apiKeySchema> = {
  id: example.apiKey,
  org_id: example.org,
  name: 'Review console',
  prefix: 'dbk_01KF06',
  permissions: ['review'],
  acts_as: null,
  may_act: true,
  expires_at: null,
  last_used_at: null,
  created_at: example.at,
};
