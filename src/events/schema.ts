import { z } from 'zod';
import { instant } from '../http/schema.js';
import { jsonTextOf } from '../lib/json/index.js';
import { isDeeperThan } from '../lib/json-depth.js';
import { ingestedEventTypes, ownEventTypes } from './types.js';

export const mostEvents = 1_000;
const mostDataBytes = 256 * 1024;
const mostLevels = 500;

const type = z.enum(ingestedEventTypes, {
  error: ({ input }) =>
    ownEventTypes.some((own) => own === input)
      ? `must not be ${String(input)}: Drawbridge sends it itself`
      : `must be one of ${ingestedEventTypes.join(', ')}`,
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
    const problem = json === null ? `must not nest more than ${mostLevels} levels` : sizeProblem(json);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    return { value, json: json ?? '' };
  });

/** @returns null for what is nested too deeply, which overflows the stack at the latest */
function textOf(value: object): string | null {
  try {
    const json = jsonTextOf(value);
    return isDeeperThan(json, mostLevels) ? null : json;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const sizeProblem = (json: string): string | null =>
  Buffer.byteLength(json) > mostDataBytes ? `must have at most ${mostDataBytes} bytes as JSON` : null;

const eventSchema = z
  .strictObject({
    type,
    data: data.meta({
      override: { type: 'object', additionalProperties: true },
      description: `Any JSON object of at most ${mostDataBytes} bytes, kept byte for byte.`,
    }),
    occurred_at: instant
      .optional()
      .meta({ override: { type: 'string', format: 'date-time' }, description: 'When it came, unless it is given.' }),
    id: z.string().min(1).max(255).optional().meta({ description: 'Your own id: the same one twice is one event.' }),
  })
  .meta({ id: 'NewEvent' });

/** What a sender says of one event. */
export type EventInput = z.output<typeof eventSchema>;

const batchSchema = z.strictObject({ events: z.array(eventSchema).min(1).max(mostEvents) }).meta({ id: 'NewEvents' });

/** For the document. A request is judged by `schemaFor`: a union would call a batch with three faults a bad event. */
export const ingestBody = z.union([eventSchema, batchSchema]);

const asBatch = eventSchema.transform((event) => ({ events: [event] }));

/** One event, or many: whoever sends `events` means many. */
export const schemaFor = (body: unknown): z.ZodType<{ events: EventInput[] }> =>
  typeof body === 'object' && body !== null && 'events' in body ? batchSchema : asBatch;

export const ingestedSchema = z
  .strictObject({
    events: z.array(z.strictObject({ id: z.string(), source_id: z.string().nullable(), duplicate: z.boolean() })),
  })
  .meta({ id: 'IngestedEvents' });

export type Ingested = z.infer<typeof ingestedSchema>;
