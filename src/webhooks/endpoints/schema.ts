import { z } from 'zod';
import { eventTypeSchema } from '../../events/schema.js';
import { example } from '../../http/example-values.js';
import { pageOf } from '../../http/paging.js';
import { createdAt, timestamp, updatedAt } from '../../http/schema.js';
import { headersInput } from './header-input.js';
import { healthSchema } from './health.js';
import { disabledReasons } from './model.js';
import { defaultOverlapSeconds, maxOverlapSeconds } from './rotation.js';
import { isEndpointUrl } from '../../lib/endpoint-url.js';

const fields = {
  url: z
    .string()
    .max(2000)
    .refine(isEndpointUrl, 'must be an http or https URL without credentials or a fragment')
    .meta({ description: 'Where events are posted: http or https, without credentials or a fragment.' }),
  events: z
    .array(eventTypeSchema)
    .min(1)
    .max(50)
    .transform((list) => [...new Set(list)])
    .meta({ description: 'The event types that are sent to it. A test sends the first one.' }),
  description: z.string().max(1000).meta({ description: 'What it is for.' }),
  headers: headersInput.meta({
    override: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 20 },
    description:
      'Your own headers, sent along with each delivery. Answers show the names only. Names that belong to HTTP or to the signature are refused.',
  }),
  rate_limit_per_second: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .meta({ description: 'The most requests a second; null: no limit.' }),
  ordered: z.boolean().meta({ description: 'Whether events are sent in their order, one at a time.' }),
  enabled: z.boolean().meta({ description: 'Whether events are sent to it.' }),
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
  .meta({ id: 'WebhookCreate', description: 'A new webhook endpoint.' });

export const updateEndpointBody = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'WebhookUpdate', description: 'What changes of a webhook endpoint.' });

export const endpointSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the endpoint.' }),
    url: z.string().meta({ description: 'Where events are posted.' }),
    events: z.array(eventTypeSchema).meta({ description: 'The event types that are sent to it.' }),
    description: z.string().meta({ description: 'What it is for.' }),
    headers: z.array(z.string()).meta({ description: 'The names of your own headers; their values are write-only.' }),
    rate_limit_per_second: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'The most requests a second; null: no limit.' }),
    ordered: z.boolean().meta({ description: 'Whether events are sent in their order, one at a time.' }),
    enabled: z.boolean().meta({ description: 'Whether events are sent to it.' }),
    disabled_reason: z.enum(disabledReasons).nullable().meta({
      description:
        'Why Drawbridge disabled it. `gone`: the receiver answered 410. `failing`: nothing got through for five days. Null while it is enabled, and when a person disabled it.',
    }),
    health: healthSchema,
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: 'Webhook', description: 'An endpoint that receives signed events.' });

export const endpointListSchema = pageOf(endpointSchema, 'WebhookList');

const secret = z.string().meta({
  description:
    'The secret that signs deliveries: `whsec_` and base64 of 32 bytes. It is shown only here. Standard Webhooks libraries take it as it is.',
});

export const createdEndpointSchema = endpointSchema
  .extend({ secret })
  .meta({ id: 'WebhookCreated', description: 'A new endpoint, with its secret.' });

export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(maxOverlapSeconds)
      .default(defaultOverlapSeconds)
      .meta({ description: 'How long the former secret signs, too.' }),
  })
  .meta({ id: 'WebhookSecretRotate', description: 'How a secret is replaced.' });

export const rotatedSecretSchema = z
  .object({
    secret,
    previous_expires_at: timestamp
      .nullable()
      .meta({ description: 'When the former secret stops signing; null when it has stopped at once.' }),
  })
  .meta({ id: 'WebhookSecretRotated', description: 'The new secret of an endpoint.' });

export const endpointExample: z.input<typeof endpointSchema> = {
  id: example.webhook,
  url: 'https://hooks.example.com/drawbridge',
  events: ['escalation.created', 'escalation.resolved'],
  description: 'Incident bot',
  headers: [],
  rate_limit_per_second: null,
  ordered: false,
  enabled: true,
  disabled_reason: null,
  health: { status: 'new', last_success_at: null, last_failure_at: null, consecutive_failures: 0, pending: 0 },
  created_at: example.at,
  updated_at: example.at,
};

/** Of 32 bytes that are zero. */
export const secretExample = `whsec_${'A'.repeat(43)}=`;
