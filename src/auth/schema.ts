import { z } from 'zod';
import { instant, timestamp } from '../http/schema.js';
import { permissions } from '../http/caller.js';

const orgId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,38}$/, 'must be 2 to 39 lower-case letters, digits and hyphens, the first not a hyphen');
const name = z.string().min(1).max(200);

export const createOrgBody = z.strictObject({ id: orgId, name }).meta({ id: 'OrgCreate' });
export const updateOrgBody = z.strictObject({ name: name.optional() }).meta({ id: 'OrgUpdate' });

export const orgSchema = z
  .object({ id: z.string(), name: z.string(), created_at: timestamp, updated_at: timestamp })
  .meta({ id: 'Org' });

const permission = z.enum(permissions);

export const createApiKeyBody = z
  .strictObject({
    name,
    permissions: z
      .array(permission)
      .min(1)
      .max(permissions.length)
      .transform((list) => [...new Set(list)]),
    acts_as: z
      .strictObject({ id: z.string().min(1).max(200), name, email: z.email().max(320).nullish() })
      .nullish()
      .meta({ description: 'Who is recorded as the actor; without it, the key by its name.' }),
    may_act: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether calls may name the actor with X-Actor-Id and X-Actor-Name.' }),
    expires_at: instant.refine((at) => at > new Date(), 'must be in the future').nullish(),
  })
  .meta({ id: 'ApiKeyCreate' });

export const apiKeySchema = z
  .object({
    id: z.string(),
    org_id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'How the key begins.' }),
    permissions: z.array(permission),
    acts_as: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }).nullable(),
    may_act: z.boolean(),
    expires_at: timestamp.nullable(),
    last_used_at: timestamp.nullable().meta({ description: 'To the minute.' }),
    created_at: timestamp,
  })
  .meta({ id: 'ApiKey' });

export const createdApiKeySchema = apiKeySchema
  .extend({ key: z.string().meta({ description: 'Shown this once.' }) })
  .meta({ id: 'ApiKeyCreated' });

export const whoamiSchema = z
  .object({
    org: z.object({ id: z.string(), name: z.string() }).nullable().meta({ description: 'null for the admin key.' }),
    admin: z.boolean(),
    permissions: z.array(permission),
    actor: z.object({ id: z.string(), name: z.string(), via: z.string() }),
  })
  .meta({ id: 'Whoami' });
