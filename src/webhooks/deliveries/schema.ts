import { z } from 'zod';
import { eventTypes } from '../../events/types.js';
import { pagingQuery } from '../../http/paging.js';
import { instant, orgItemParams, timestamp } from '../../http/schema.js';
import { deliveryStatuses, triggers } from './model.js';

export const deliveryParams = orgItemParams.extend({ delivery_id: z.string() });

const since = instant.meta({ override: { type: 'string', format: 'date-time' } });

export const listDeliveriesQuery = z.strictObject({
  ...pagingQuery,
  status: z.enum(deliveryStatuses).optional(),
  event_type: z.enum(eventTypes).optional().meta({
    description:
      'A page covers five thousand deliveries, and may hold few or none of the type while `next_cursor` leads on.',
  }),
  since: since.optional().meta({ description: 'Of events that came since then.' }),
});

export const testEndpointBody = z
  .strictObject({
    type: z
      .enum(eventTypes)
      .optional()
      .meta({ description: 'One of the endpoint’s types; the first of them when left out.' }),
  })
  .meta({ id: 'WebhookTest' });

export const recoverBody = z
  .strictObject({
    since: since.meta({ description: 'Within retention, 30 days unless the operator has set another.' }),
    retrying: z
      .boolean()
      .optional()
      .meta({ description: 'Also attempt now the deliveries that wait for their next attempt.' }),
  })
  .meta({ id: 'WebhookRecover' });

const responseCode = z.number().int().nullable().meta({ description: 'null when no answer came.' });
const error = z.string().nullable().meta({ description: 'What went wrong; null when it succeeded.' });
const durationMs = z.number().int();
const responseBody = z.string().meta({ description: 'The start of the answer, at most 4 KiB.' });

export const testResultSchema = z
  .strictObject({
    delivery_id: z.string(),
    succeeded: z.boolean(),
    response_code: responseCode,
    duration_ms: durationMs,
    response_body: responseBody,
    error,
  })
  .meta({ id: 'WebhookTestResult' });

export const recoveredSchema = z
  .strictObject({ count: z.number().int().meta({ description: 'How many are to be delivered.' }) })
  .meta({ id: 'WebhookRecovered' });

const attemptSchema = z
  .strictObject({
    number: z.number().int(),
    at: timestamp,
    trigger: z.enum(triggers),
    response_code: responseCode,
    duration_ms: durationMs,
    error,
    response_body: responseBody,
  })
  .meta({ id: 'WebhookAttempt' });

export const deliverySchema = z
  .strictObject({
    id: z.string(),
    event_id: z.string().meta({ description: 'Also `webhook-id`, on each attempt.' }),
    event_type: z.enum(eventTypes),
    status: z.enum(deliveryStatuses).meta({
      description:
        '`pending`: about to be sent. `retrying`: about to be sent again. `parked`: too many attempts at its endpoint failed; it is sent once a probe gets through.',
    }),
    attempts: z.array(attemptSchema),
    next_attempt_at: timestamp.nullable().meta({ description: 'null when none is planned.' }),
    workflow: z
      .strictObject({ id: z.string(), url: z.string().nullable() })
      .nullable()
      .meta({ description: 'What probes its endpoint, while it is parked.' }),
    created_at: timestamp,
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryWithPayloadSchema = deliverySchema
  .extend({
    payload: z
      .looseObject({ id: z.string(), type: z.string(), timestamp, org_id: z.string(), data: z.unknown() })
      .nullable()
      .meta({ description: 'What is sent; null when it is past retention.' }),
  })
  .meta({ id: 'WebhookDeliveryWithPayload' });

export type PresentedDelivery = z.infer<typeof deliverySchema>;
