import { z } from 'zod';
import { jsonTextOf } from '../lib/json/index.js';
import { isDeeperThan } from '../lib/json-depth.js';
import { example } from '../http/example-values.js';
import { pageOf, pagingQuery } from '../http/paging.js';
import { actorSchema, createdAt, orgIdField, timestamp, updatedAt, workflowSchema } from '../http/schema.js';
import { isWebUrl } from '../lib/parse-url.js';
import { severities, severitySchema } from '../lib/severity.js';
import { linkSchema } from '../tickets/links/schema.js';
import { escalationKinds, escalationStatuses, resolutions } from './model.js';

const maxContextBytes = 64 * 1024;
const maxContextLevels = 500;

const status = z
  .enum(escalationStatuses)
  .meta({ id: 'EscalationStatus', description: 'Where it stands in the review queue.' });
export const kindSchema = z
  .enum(escalationKinds)
  .meta({ id: 'EscalationKind', description: 'What is asked of the reviewer: a review, or an approval.' });
export const resolutionSchema = z
  .enum(resolutions)
  .meta({ id: 'EscalationResolution', description: 'What the reviewer decided.' });

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
    description: `Any JSON object of at most ${maxContextBytes} bytes, kept byte for byte.`,
  });

const gatewayInput = z
  .strictObject({
    id: name.meta({ description: 'The id of the gateway.' }),
    name: orNull(name).meta({ description: 'The name of the gateway.' }),
    environment: orNull(name).meta({ description: 'Where it runs, such as `production`.' }),
  })
  .meta({ id: 'EscalationGatewayInput', description: 'The gateway where it happened.' });

const escalatedActorInput = z
  .strictObject({
    id: orNull(name).meta({ description: 'The id of the actor.' }),
    name: orNull(name).meta({ description: 'The name of the actor.' }),
    email: orNull(z.string().min(1).max(320)).meta({ description: 'The e-mail address of the actor.' }),
    type: orNull(name).meta({ description: 'What the actor is, such as `user` or `agent`.' }),
  })
  .meta({ id: 'EscalatedActorInput', description: 'Who did what is escalated.' });

export const createEscalationBody = z
  .strictObject({
    title: z.string().min(1).max(500).meta({ description: 'What happened, in one line.' }),
    severity: severitySchema,
    reason: orNull(z.string().max(10_000)).meta({ description: 'Why it is escalated.' }),
    kind: kindSchema
      .nullable()
      .default('review')
      .transform((given) => given ?? 'review'),
    gateway: orNull(gatewayInput),
    actor: orNull(escalatedActorInput),
    context: orNull(context).meta({
      description: `Anything that helps the reviewer: any JSON object of at most ${maxContextBytes} bytes, kept byte for byte.`,
    }),
    source_id: orNull(z.string().min(1).max(255)).meta({
      description: 'Your own id: the same one twice is one escalation.',
    }),
    review_url: orNull(z.string().max(2000).refine(isWebUrl, 'must be an http or https URL without credentials')).meta({
      description: 'The page where it is reviewed; without one, the page of Drawbridge.',
    }),
  })
  .meta({ id: 'EscalationCreate', description: 'A new escalation.' });

export const noteEscalationBody = z
  .strictObject({ body: z.string().min(1).max(10_000).meta({ description: 'The text of the note.' }) })
  .meta({ id: 'EscalationNoteCreate', description: 'A new note.' });

export const resolveEscalationBody = z
  .strictObject({
    resolution: resolutionSchema,
    notes: orNull(z.string().max(10_000)).meta({ description: 'What the reviewer says about it. It becomes a note.' }),
  })
  .meta({ id: 'EscalationResolve', description: 'The decision of a reviewer.' });

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
    .meta({ description: `One status, or several with commas between: ${escalationStatuses.join(', ')}.` }),
  severity: oneOrSeveral(severities)
    .optional()
    .meta({ description: `One severity, or several with commas between: ${severities.join(', ')}.` }),
  q: z.string().max(200).optional().meta({
    description:
      'Words to search for in the id, title, source id, gateway, actor, policy and reason. A text without a word finds nothing.',
  }),
});

const nullableText = (description: string) => z.string().nullable().meta({ description });

const gatewaySchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the gateway.' }),
    name: nullableText('The name of the gateway.'),
    environment: nullableText('Where it runs, such as `production`.'),
  })
  .meta({ id: 'EscalationGateway', description: 'The gateway where it happened.' });

const escalatedActorSchema = z
  .strictObject({
    id: nullableText('The id of the actor.'),
    name: nullableText('The name of the actor.'),
    email: nullableText('The e-mail address of the actor.'),
    type: nullableText('What the actor is, such as `user` or `agent`.'),
  })
  .meta({ id: 'EscalatedActor', description: 'Who did what was escalated.' });

const policyRefSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the policy.' }),
    name: z.string().meta({ description: 'The name of the policy.' }),
  })
  .meta({ id: 'EscalationPolicyRef', description: 'The policy that raised it.' });

const noteSchema = z
  .strictObject({
    author: actorSchema,
    body: z.string().meta({ description: 'The text of the note.' }),
    at: timestamp.meta({ description: 'When it was written.' }),
  })
  .meta({ id: 'EscalationNote', description: 'What a reviewer said.' });

const clocksSchema = z
  .strictObject({
    acknowledge_due_at: timestamp.nullable().meta({ description: 'When it must be claimed; null: no limit.' }),
    resolve_due_at: timestamp.nullable().meta({ description: 'When it must be resolved; null: no limit.' }),
    breached: z
      .enum(['acknowledge', 'resolve'])
      .nullable()
      .meta({ description: 'Which limit passed first; null: none has.' }),
  })
  .meta({ id: 'EscalationClocks', description: 'The limits of time that apply, and whether one was missed.' });

export const escalationSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the escalation.' }),
    org_id: orgIdField,
    kind: kindSchema,
    status,
    severity: severitySchema,
    title: z.string().meta({ description: 'What happened, in one line.' }),
    reason: nullableText('Why it is escalated.'),
    gateway: gatewaySchema.nullable().meta({ description: 'The gateway where it happened.' }),
    actor: escalatedActorSchema.nullable().meta({ description: 'Who did what was escalated.' }),
    context: z.unknown().meta({ description: 'What the raiser sent along; of an event, any JSON value.' }),
    policy: policyRefSchema.nullable().meta({ description: 'The policy that raised it; null: a call raised it.' }),
    event_id: nullableText('The event that a policy matched.'),
    source_id: nullableText('The id that its raiser gave it.'),
    claimed_by: actorSchema.nullable().meta({ description: 'Who has claimed it; null: nobody.' }),
    claimed_at: timestamp.nullable().meta({ description: 'When it was claimed.' }),
    resolution: resolutionSchema.nullable().meta({ description: 'What was decided; null: nothing yet.' }),
    resolved_by: actorSchema.nullable().meta({ description: 'Who decided.' }),
    resolved_at: timestamp.nullable().meta({ description: 'When it was decided.' }),
    notes: z.array(noteSchema).meta({ description: 'What reviewers said, the oldest note first.' }),
    sla: clocksSchema,
    review_url: z.string().meta({ description: 'The page where it is reviewed.' }),
    ticket: linkSchema.nullable().meta({ description: 'The link to its ticket; null when it has none.' }),
    workflow: workflowSchema,
    created_at: createdAt,
    updated_at: updatedAt,
  })
  .meta({ id: 'Escalation', description: 'A risky interaction in the review queue.' });

export const escalationListSchema = pageOf(escalationSchema, 'EscalationList');

export const escalationExample: z.input<typeof escalationSchema> = {
  id: example.escalation,
  org_id: example.org,
  kind: 'review',
  status: 'open',
  severity: 'high',
  title: 'Customer data in a prompt',
  reason: 'The prompt holds customer data.',
  gateway: { id: 'gw-1', name: 'EU gateway', environment: 'production' },
  actor: { id: 'u-1', name: 'Sam Analyst', email: 'sam@example.com', type: 'user' },
  context: { prompt_id: 'p-4711' },
  policy: null,
  event_id: null,
  source_id: 'decision-4711',
  claimed_by: null,
  claimed_at: null,
  resolution: null,
  resolved_by: null,
  resolved_at: null,
  notes: [],
  sla: { acknowledge_due_at: '2026-01-15T09:45:00.000Z', resolve_due_at: null, breached: null },
  review_url: `https://drawbridge.example.com/escalations/${example.escalation}/review`,
  ticket: null,
  workflow: {
    id: `escalation/${example.org}/${example.escalation}`,
    url: `${example.temporalUi}/escalation%2F${example.org}%2F${example.escalation}`,
  },
  created_at: example.at,
  updated_at: example.at,
};

/** Deep nesting would overflow the stack of the code that walks through the value later. */
function contextText(value: object): { json: string; problem: string | null } {
  const tooDeep = { json: '', problem: `must not nest more than ${maxContextLevels} levels` };
  try {
    const json = jsonTextOf(value);
    if (isDeeperThan(json, maxContextLevels)) return tooDeep;
    const isTooLarge = Buffer.byteLength(json) > maxContextBytes;
    return { json, problem: isTooLarge ? `must have at most ${maxContextBytes} bytes as JSON` : null };
  } catch (error) {
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
}
