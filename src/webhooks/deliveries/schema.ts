import { z } from 'zod';
import { eventTypeSchema } from '../../events/schema.js';
import { example } from '../../http/example-values.js';
import { pageOf, pagingQuery } from '../../http/paging.js';
import { createdAt, idParam, instant, itemParams, timestamp, workflowSchema } from '../../http/schema.js';
import { deliveryStatuses, triggers } from './model.js';

export const endpointParams = itemParams('webhook endpoint', example.webhook);
export const deliveryParams = endpointParams.extend({ delivery_id: idParam('delivery', example.delivery) });

const since = instant.meta({ override: { type: 'string', format: 'date-time' } });

const deliveryStatus = z.enum(deliveryStatuses).meta({
  id: 'WebhookDeliveryStatus',
  description:
    '`pending`: about to be sent. `retrying`: about to be sent again. `parked`: too many attempts at its endpoint failed; it is sent once a probe gets through. `succeeded`, `failed` and `cancelled` are final.',
});

export const listDeliveriesQuery = z.strictObject({
  ...pagingQuery,
  status: deliveryStatus.optional().meta({ description: 'Only those with this status.' }),
  event_type: eventTypeSchema.optional().meta({
    description:
      'Only those of this type. A page covers five thousand deliveries: it may hold few of this type or none while `next_cursor` is set.',
  }),
  since: since.optional().meta({ description: 'Only those of events that arrived at or after this time.' }),
});

export const testEndpointBody = z
  .strictObject({
    type: eventTypeSchema.optional().meta({
      description: 'One of the event types of the endpoint; the first of them when left out.',
    }),
  })
  .meta({ id: 'WebhookTest', description: 'Which example is sent.' });

export const recoverBody = z
  .strictObject({
    since: since.meta({
      description:
        'Deliver what failed or was missed since then. It must be within retention, which is 30 days by default.',
    }),
    retrying: z
      .boolean()
      .optional()
      .meta({ description: 'Also attempt now the deliveries that wait for their next attempt.' }),
  })
  .meta({ id: 'WebhookRecover', description: 'What is to be recovered.' });

const responseCode = z
  .number()
  .int()
  .nullable()
  .meta({ description: 'The HTTP status of the receiver; null when no answer came.' });
const error = z.string().nullable().meta({ description: 'What went wrong; null when it succeeded.' });
const durationMs = z.number().int().meta({ description: 'How long it took, in milliseconds.' });
const responseBody = z.string().meta({ description: 'The start of the answer, at most 4 KiB.' });

export const testResultSchema = z
  .strictObject({
    delivery_id: z.string().meta({ description: 'The delivery that records this test.' }),
    succeeded: z.boolean().meta({ description: 'Whether the receiver answered with 2xx.' }),
    response_code: responseCode,
    duration_ms: durationMs,
    response_body: responseBody,
    error,
  })
  .meta({ id: 'WebhookTestResult', description: 'What the receiver made of a test.' });

export const recoveredSchema = z
  .strictObject({ count: z.number().int().meta({ description: 'How many deliveries are due now.' }) })
  .meta({ id: 'WebhookRecovered', description: 'What is being recovered.' });

const attemptSchema = z
  .strictObject({
    number: z.number().int().meta({ description: 'Which attempt it was, from 1.' }),
    at: timestamp.meta({ description: 'When it began.' }),
    trigger: z.enum(triggers).meta({ description: 'Why it was made.' }),
    response_code: responseCode,
    duration_ms: durationMs,
    error,
    response_body: responseBody,
  })
  .meta({ id: 'WebhookAttempt', description: 'One attempt of a delivery.' });

export const deliverySchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the delivery: `X-Keeptrusts-Delivery` of each attempt.' }),
    event_id: z.string().meta({ description: 'The id of the event: `webhook-id` of each attempt.' }),
    event_type: eventTypeSchema,
    status: deliveryStatus,
    attempts: z.array(attemptSchema).meta({ description: 'All attempts, the first one first.' }),
    next_attempt_at: timestamp
      .nullable()
      .meta({ description: 'When the next attempt is due; null when none is planned.' }),
    workflow: workflowSchema
      .nullable()
      .meta({ description: 'The workflow that probes the endpoint while the delivery is parked; null otherwise.' }),
    created_at: createdAt,
  })
  .meta({ id: 'WebhookDelivery', description: 'One event on its way to one endpoint.' });

export const deliveryListSchema = pageOf(deliverySchema, 'WebhookDeliveryList');

const payloadSchema = z
  .looseObject({
    id: z.string().meta({ description: 'The id of the event.' }),
    type: z.string().meta({ description: 'The type of the event.' }),
    timestamp: timestamp.meta({ description: 'When the event happened.' }),
    org_id: z.string().meta({ description: 'The id of the org.' }),
    data: z
      .unknown()
      .meta({ description: 'What the event says. `webhooks` in this document has a schema for each type.' }),
  })
  .meta({ id: 'WebhookDeliveryPayload', description: 'The body of a delivery.' });

export const deliveryWithPayloadSchema = deliverySchema
  .extend({
    payload: payloadSchema.nullable().meta({ description: 'The body that is sent; null when it is past retention.' }),
  })
  .meta({ id: 'WebhookDeliveryWithPayload', description: 'A delivery, with the body that is sent.' });

export const deliveryExample: z.input<typeof deliverySchema> = {
  id: example.delivery,
  event_id: example.event,
  event_type: 'export.completed',
  status: 'succeeded',
  attempts: [
    {
      number: 1,
      at: example.at,
      trigger: 'automatic',
      response_code: 204,
      duration_ms: 41,
      error: null,
      response_body: '',
    },
  ],
  next_attempt_at: null,
  workflow: null,
  created_at: example.at,
};

export type PresentedDelivery = z.infer<typeof deliverySchema>;
