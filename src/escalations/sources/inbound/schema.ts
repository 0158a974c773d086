import { z } from 'zod';
import { kindSchema, resolutionSchema } from '../../schema.js';
import { ingestedEventTypes, ownEventTypes } from '../../../events/types.js';
import { example } from '../../../http/example-values.js';
import { foreignId, foreignTime } from '../../../http/lenient.js';
import { clip } from '../../../lib/display-text.js';
import { isWebUrl } from '../../../lib/parse-url.js';
import { severitySchema } from '../../../lib/severity.js';

const id = foreignId();

/** Whoever sends for a whole product cannot mend what its people wrote: what is too long is cut, not refused. */
const text = (max: number, what: string) =>
  z
    .string()
    .transform((all) => clip(all, max))
    .meta({ description: `${what} Cut to ${max} characters.` });

/** Null for what is missing. */
const orNull = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? null);
/** Null for what is missing or empty. */
const optionalText = (max: number, what: string) =>
  orNull(text(max, what))
    .transform((optional) => (optional === '' ? null : optional))
    .meta({ description: `${what} Cut to ${max} characters.` });

const names = {
  id: id.nullish().meta({ description: 'The id of the escalation at the source, if `source_id` is missing.' }),
  source_id: id.nullish().meta({ description: 'The id of the escalation at the source.' }),
};
const isNamed = (data: { id?: string | null; source_id?: string | null }) =>
  typeof (data.source_id ?? data.id) === 'string';
const unnamed = { path: ['source_id'], message: 'is required, or `id`: what the escalation is called there' };

const gateway = z
  .object({
    id: text(255, 'The id of the gateway.'),
    name: optionalText(200, 'The name of the gateway.'),
    environment: optionalText(200, 'Where it runs.'),
  })
  .meta({ id: 'SourceGateway', description: 'The gateway where it happened.' });

const actor = z
  .object({
    id: optionalText(255, 'The id of the actor.'),
    name: optionalText(200, 'The name of the actor.'),
    email: optionalText(320, 'The e-mail address of the actor.'),
    type: optionalText(100, 'What the actor is.'),
  })
  .meta({ id: 'SourceActor', description: 'Who did what is escalated.' });

const policy = z
  .object({ id: text(255, 'The id of the policy.'), name: text(200, 'The name of the policy.') })
  .meta({ id: 'SourcePolicy', description: 'The policy of the source that raised it.' });

const decider = z
  .object({ id: optionalText(255, 'The id of the person.'), name: optionalText(200, 'The name of the person.') })
  .meta({ id: 'SourceDecider', description: 'Who decided at the source.' });

const raisedData = z
  .object({
    ...names,
    title: z
      .string()
      .min(1)
      .pipe(text(500, 'What happened, in one line.'))
      .meta({ description: 'What happened, in one line. Cut to 500 characters.' }),
    severity: severitySchema,
    reason: optionalText(10_000, 'Why it is escalated.'),
    kind: kindSchema.nullish().meta({ description: 'What is asked of the reviewer; a review when left out.' }),
    gateway: orNull(gateway).meta({ description: 'The gateway where it happened.' }),
    actor: orNull(actor).meta({ description: 'Who did what is escalated.' }),
    context: z.unknown().optional().meta({ description: 'Any JSON that helps the reviewer.' }),
    policy: orNull(policy).meta({ description: 'The policy of the source that raised it.' }),
    review_url: orNull(z.string().max(2_000).refine(isWebUrl, 'must be an http or https URL without credentials')).meta(
      { description: 'The page where the source reviews it.' },
    ),
  })
  .refine(isNamed, unnamed)
  .meta({ id: 'SourceEscalationCreated', description: 'An escalation that the source has raised.' });

const resolvedData = z
  .object({
    ...names,
    resolution: resolutionSchema,
    resolved_by: orNull(decider).meta({ description: 'Who decided at the source.' }),
    notes: z
      .union([optionalText(10_000, 'The words of the decider.'), z.array(z.unknown()).transform(() => null)])
      .meta({
        description: 'What was said with the resolution, cut to 10,000 characters. A list of notes is ignored.',
      }),
  })
  .refine(isNamed, unnamed)
  .meta({ id: 'SourceEscalationResolved', description: 'An escalation that the source has resolved.' });

export type RaisedData = z.output<typeof raisedData>;
export type ResolvedData = z.output<typeof resolvedData>;

/** Verbatim: a copy would lose a field called `__proto__`. */
const anyData = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
  })
  .meta({ override: { type: 'object', additionalProperties: true }, description: 'What the event says.' });

const envelope = {
  id: id.meta({ description: 'The id of the event: the same one twice is one event.' }),
  timestamp: foreignTime.optional().meta({ description: 'When it happened.' }),
};
const [created, resolved] = ownEventTypes;

/** What a source sends: the envelope of our own deliveries. Further fields are ignored, so that it may send its own as it is. */
export const sourceEventSchema = z
  .discriminatedUnion('type', [
    z
      .object({ ...envelope, type: z.literal(created).meta({ description: 'The type.' }), data: raisedData })
      .meta({ id: 'SourceEventEscalationCreated', description: 'The source has raised an escalation.' }),
    z
      .object({ ...envelope, type: z.literal(resolved).meta({ description: 'The type.' }), data: resolvedData })
      .meta({ id: 'SourceEventEscalationResolved', description: 'The source has resolved an escalation.' }),
    z
      .object({ ...envelope, type: z.enum(ingestedEventTypes).meta({ description: 'The type.' }), data: anyData })
      .meta({ id: 'SourceEventOther', description: 'Any other event of the source.' }),
  ])
  .meta({ id: 'SourceEvent', description: 'What a source sends. Further fields are ignored.' });

export const sourceEventExamples = {
  created: {
    summary: 'An escalation was raised',
    value: {
      id: 'evt-4711',
      type: 'escalation.created',
      timestamp: example.at,
      data: {
        source_id: 'esc-4711',
        title: 'Customer data in a prompt',
        severity: 'high',
        review_url: 'https://keeptrusts.example.com/queue/esc-4711',
      },
    },
  },
  resolved: {
    summary: 'An escalation was resolved',
    value: {
      id: 'evt-4712',
      type: 'escalation.resolved',
      timestamp: example.later,
      data: { source_id: 'esc-4711', resolution: 'approved', resolved_by: { id: 'u-7', name: 'Ada Reviewer' } },
    },
  },
};

/** A delivery that only asks whether it arrives. */
export const testEventSchema = z.object({
  id,
  type: z.enum([...ownEventTypes, ...ingestedEventTypes]),
  test: z.literal(true),
});

const appliedSchema = z
  .strictObject({
    escalation: z.boolean().meta({ description: 'Whether it raised or resolved an escalation.' }),
    event: z.boolean().meta({ description: 'Whether it was ingested as an event.' }),
  })
  .meta({ id: 'SourceEventChanges', description: 'What was applied.' });

export const sourceAppliedSchema = z
  .strictObject({
    success: z.literal(true).meta({ description: 'Always true.' }),
    applied: appliedSchema,
  })
  .meta({ id: 'SourceEventApplied', description: 'A source’s event that was taken.' });
