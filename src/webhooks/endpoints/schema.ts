import { z } from 'zod';
import { eventTypes } from '../../events/types.js';
import { timestamp } from '../../http/schema.js';
import { headersInput } from './header-input.js';
import { healthSchema } from './health.js';
import { disabledReasons } from './model.js';
import { defaultOverlapSeconds, longestOverlapSeconds } from './rotation.js';
import { isEndpointUrl } from '../../lib/endpoint-url.js';

const fields = {
  url: z
    .string()
    .max(2000)
    .refine(isEndpointUrl, 'must be an http or https URL without credentials or a fragment')
    .meta({ description: 'Where events are posted: http or https, without credentials or a fragment.' }),
  events: z
    .array(z.enum(eventTypes))
    .min(1)
    .max(50)
    .transform((list) => [...new Set(list)])
    .meta({ description: 'The types that it wants; a test sends the first.' }),
  description: z.string().max(1000),
  headers: headersInput.meta({
    override: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 20 },
    description:
      'Sent along with each delivery; answers hold the names only. Names that belong to the connection or to us are refused.',
  }),
  rate_limit_per_second: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .meta({ description: 'At most so many posts a second; null for as many as there are.' }),
  ordered: z.boolean().meta({ description: 'Whether events arrive in the order in which they came, one at a time.' }),
  enabled: z.boolean(),
};

export const createEndpointBody = z
  .strictObject({
    url: fields.url,
    events: fields.events,
    description: fields.description.default(''),
    headers: fields.headers.optional(),
    rate_limit_per_second: fields.rate_limit_per_second.default(null),
    ordered: fields.ordered.default(false),
    enabled: fields.enabled.default(true),
  })
  .meta({ id: 'WebhookCreate' });

export const updateEndpointBody = z.strictObject(fields).partial().meta({ id: 'WebhookUpdate' });

export const endpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum(eventTypes)),
    description: z.string(),
    headers: z.array(z.string()).meta({ description: 'Their names; the values are write-only.' }),
    rate_limit_per_second: z.number().int().nullable(),
    ordered: z.boolean(),
    enabled: z.boolean(),
    disabled_reason: z.enum(disabledReasons).nullable().meta({
      description:
        'Why we disabled it. `gone`: the receiver answered 410. `failing`: nothing got through for five days. null while it is enabled, and when people disabled it.',
    }),
    health: healthSchema,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Webhook' });

const secret = z.string().meta({
  description: '`whsec_` and base64 of 32 bytes, shown this once. Standard Webhooks libraries take it as it is.',
});

export const createdEndpointSchema = endpointSchema.extend({ secret }).meta({ id: 'WebhookCreated' });

export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(longestOverlapSeconds)
      .default(defaultOverlapSeconds)
      .meta({ description: 'How long the former secret signs as well.' }),
  })
  .meta({ id: 'WebhookSecretRotate' });

export const rotatedSecretSchema = z
  .object({
    secret,
    previous_expires_at: timestamp.nullable().meta({ description: 'null when the former one ended at once.' }),
  })
  .meta({ id: 'WebhookSecretRotated' });
