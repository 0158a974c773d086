import { z } from 'zod';
import { jsonTextOf } from '../lib/json/index.js';
import { isDeeperThan } from '../lib/json-depth.js';
import { pagingQuery } from '../http/paging.js';
import { timestamp } from '../http/schema.js';
import { isWebUrl } from '../lib/parse-url.js';
import { severities } from '../lib/severity.js';
import { escalationKinds, escalationStatuses, resolutions } from './model.js';

const mostContextBytes = 64 * 1024;
const mostContextLevels = 500;

const severity = z.enum(severities);
const status = z.enum(escalationStatuses);
const kind = z.enum(escalationKinds);
const resolution = z.enum(resolutions);

const name = z.string().min(1).max(200);
/** Left out is the same as null. */
const orNull = <S extends z.ZodType>(schema: S) => schema.nullable().default(null);

/** Parsed to the sender's own JSON text: a copy would lose digits and a `__proto__`. */
const context = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
  })
  .transform((value, refinement): string => {
    const { json, problem } = contextText(value);
    if (problem !== null) refinement.addIssue({ code: 'custom', message: problem });
    return json;
  })
  .meta({
    override: { type: 'object', additionalProperties: true },
    description: `Any JSON object of at most ${mostContextBytes} bytes, kept byte for byte.`,
  });

export const createEscalationBody = z
  .strictObject({
    title: z.string().min(1).max(500),
    severity,
    reason: orNull(z.string().max(10_000)),
    kind: kind
      .nullable()
      .default('review')
      .transform((given) => given ?? 'review'),
    gateway: orNull(z.strictObject({ id: name, name: orNull(name), environment: orNull(name) })),
    actor: orNull(
      z.strictObject({
        id: orNull(name),
        name: orNull(name),
        email: orNull(z.string().min(1).max(320)),
        type: orNull(name),
      }),
    ).meta({ description: 'Who did what is escalated.' }),
    context: orNull(context),
    source_id: orNull(z.string().min(1).max(255)).meta({
      description: 'Your own id: the same one twice is one escalation.',
    }),
    review_url: orNull(z.string().max(2000).refine(isWebUrl, 'must be an http or https URL without credentials')).meta({
      description: 'Where it is decided, if not here.',
    }),
  })
  .meta({ id: 'EscalationCreate' });

export const noteEscalationBody = z
  .strictObject({ body: z.string().min(1).max(10_000) })
  .meta({ id: 'EscalationNoteCreate' });

export const resolveEscalationBody = z
  .strictObject({
    resolution,
    notes: orNull(z.string().max(10_000)).meta({ description: 'Kept as a note.' }),
  })
  .meta({ id: 'EscalationResolve' });

const oneOrSeveral = <const V extends string>(values: readonly V[]) =>
  z
    .string()
    .max(100)
    .transform((text, context) => {
      const asked = new Set(text.split(','));
      const known = values.filter((value) => asked.delete(value));
      if (asked.size > 0)
        context.addIssue({ code: 'custom', message: `must be one or several of ${values.join(',')}` });
      return known;
    });

export const listEscalationsQuery = z.strictObject({
  ...pagingQuery,
  status: oneOrSeveral(escalationStatuses)
    .optional()
    .meta({ description: `One, or several with commas between: ${escalationStatuses.join(', ')}.` }),
  severity: oneOrSeveral(severities)
    .optional()
    .meta({ description: `One, or several with commas between: ${severities.join(', ')}.` }),
  q: z.string().max(200).optional().meta({
    description:
      'Words to look for, in the id, title, source id, gateway, actor, policy and reason. What has no word in it finds nothing.',
  }),
});

/** Who did it, as callers see them. */
const actor = z.strictObject({ id: z.string(), name: z.string(), via: z.string() });
const nullableText = z.string().nullable();

export const escalationSchema = z
  .strictObject({
    id: z.string(),
    org_id: z.string(),
    kind,
    status,
    severity,
    title: z.string(),
    reason: nullableText,
    gateway: z.strictObject({ id: z.string(), name: nullableText, environment: nullableText }).nullable(),
    actor: z
      .strictObject({ id: nullableText, name: nullableText, email: nullableText, type: nullableText })
      .nullable()
      .meta({ description: 'Who did what was escalated.' }),
    context: z.unknown().meta({ description: 'As it came; of an event, any JSON value.' }),
    policy: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
    event_id: nullableText,
    source_id: nullableText,
    claimed_by: actor.nullable(),
    claimed_at: timestamp.nullable(),
    resolution: resolution.nullable(),
    resolved_by: actor.nullable(),
    resolved_at: timestamp.nullable(),
    notes: z.array(z.strictObject({ author: actor, body: z.string(), at: timestamp })),
    sla: z.strictObject({
      acknowledge_due_at: timestamp.nullable(),
      resolve_due_at: timestamp.nullable(),
      breached: z.enum(['acknowledge', 'resolve']).nullable(),
    }),
    review_url: z.string(),
    ticket: z.looseObject({ id: z.string() }).nullable().meta({ description: 'The link to its ticket.' }),
    workflow: z.strictObject({ id: z.string(), url: nullableText }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Escalation' });

/** Deep nesting would overflow the stack of the code that walks through the value later. */
function contextText(value: object): { json: string; problem: string | null } {
  const tooDeep = { json: '', problem: `must not nest more than ${mostContextLevels} levels` };
  try {
    const json = jsonTextOf(value);
    if (isDeeperThan(json, mostContextLevels)) return tooDeep;
    const isTooLarge = Buffer.byteLength(json) > mostContextBytes;
    return { json, problem: isTooLarge ? `must have at most ${mostContextBytes} bytes as JSON` : null };
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
}
