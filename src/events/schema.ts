import { z } from 'zod';
import { example } from '../http/example-values.js';
import { instant } from '../http/schema.js';
import { jsonTextOf } from '../lib/json/index.js';
import { isDeeperThan } from '../lib/json-depth.js';
import { eventTypes, ingestedEventTypes, ownEventTypes } from './types.js';

export const maxEvents = 1_000;
const maxDataBytes = 256 * 1024;
const maxLevels = 500;

/** Every event type, as answers and subscriptions name it. */
export const eventTypeSchema = z.enum(eventTypes).meta({ id: 'EventType', description: 'What happened.' });

const type = z
  .enum(ingestedEventTypes, {
    error: ({ input }) =>
      ownEventTypes.some((own) => own === input)
        ? `must not be ${String(input)}: Drawbridge sends it itself`
        : `must be one of ${ingestedEventTypes.join(', ')}`,
  })
  .meta({
    id: 'NewEventType',
    description: 'What happened. `escalation.created` and `escalation.resolved` are sent by Drawbridge alone.',
  });

/** Parsed for policies, and the sender's own JSON text, which is stored and sent. */
export interface EventData {
  value: Record<string, unknown>;
  json: string;
}

const data = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
  })
  .transform((value, context): EventData => {
    const json = textOf(value);
    const problem = json === null ? `must not nest more than ${maxLevels} levels` : sizeProblem(json);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    return { value, json: json ?? '' };
  });

/** @returns null for what is nested too deeply, which overflows the stack at the latest */
function textOf(value: object): string | null {
  try {
    const json = jsonTextOf(value);
    return isDeeperThan(json, maxLevels) ? null : json;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const sizeProblem = (json: string): string | null =>
  Buffer.byteLength(json) > maxDataBytes ? `must have at most ${maxDataBytes} bytes as JSON` : null;

const eventSchema = z
  .strictObject({
    type,
    data: data.meta({
      override: { type: 'object', additionalProperties: true },
      description: `Any JSON object of at most ${maxDataBytes} bytes, kept byte for byte.`,
    }),
    occurred_at: instant.optional().meta({
      override: { type: 'string', format: 'date-time' },
      description: 'When it happened. Left out: when it arrives.',
    }),
    id: z.string().min(1).max(255).optional().meta({ description: 'Your own id: the same one twice is one event.' }),
  })
  .meta({ id: 'NewEvent', description: 'Something that happened.' });

/** What a sender says of one event. */
export type EventInput = z.output<typeof eventSchema>;

const batchSchema = z
  .strictObject({
    events: z.array(eventSchema).min(1).max(maxEvents).meta({ description: 'The events, in their order.' }),
  })
  .meta({ id: 'NewEvents', description: 'Several events. All of them are stored, or none.' });

/** For the document. A request is judged by `schemaFor`: a union would call a batch with three faults a bad event. */
export const ingestBody = z
  .union([eventSchema, batchSchema])
  .meta({ id: 'EventIngest', description: 'One event, or several.' });

const asBatch = eventSchema.transform((event) => ({ events: [event] }));

/** One event, or many: whoever sends `events` means many. */
export const schemaFor = (body: unknown): z.ZodType<{ events: EventInput[] }> =>
  typeof body === 'object' && body !== null && 'events' in body ? batchSchema : asBatch;

const ingestedEventSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the event in Drawbridge: `webhook-id` of its deliveries.' }),
    source_id: z.string().nullable().meta({ description: 'Your own id, if you gave one.' }),
    duplicate: z.boolean().meta({ description: 'Whether it was known already: then `id` is that of the first one.' }),
  })
  .meta({ id: 'IngestedEvent', description: 'An event that was stored.' });

export const ingestedSchema = z
  .strictObject({
    events: z.array(ingestedEventSchema).meta({ description: 'One entry for each event, in the order sent.' }),
  })
  .meta({ id: 'IngestedEvents', description: 'What was stored.' });

export const ingestExamples = {
  one: {
    summary: 'One event',
    value: {
      type: 'event.created',
      id: 'decision-4711',
      data: {
        gateway: { id: 'gw-1', name: 'EU gateway', environment: 'production' },
        actor: { id: 'u-1', name: 'Sam Analyst' },
        reason: 'The prompt holds customer data.',
        risk: 92,
      },
    },
  },
  several: {
    summary: 'Several events',
    value: {
      events: [
        { type: 'export.completed', id: 'export-17', data: { export_id: 'exp-17', format: 'csv', rows: 1200 } },
        {
          type: 'budget.threshold_reached',
          occurred_at: example.at,
          data: { wallet_id: 'w-3', threshold_percent: 80, spent: 800, limit: 1000, currency: 'EUR', period: 'month' },
        },
      ],
    },
  },
};

export type Ingested = z.infer<typeof ingestedSchema>;
