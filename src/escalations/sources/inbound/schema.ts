import { z } from 'zod';
import { escalationKinds, resolutions } from '../../model.js';
import { ingestedEventTypes, ownEventTypes } from '../../../events/types.js';
import { foreignId, usualTime } from '../../../http/lenient.js';
import { clip } from '../../../lib/display-text.js';
import { isWebUrl } from '../../../lib/parse-url.js';
import { severities } from '../../../lib/severity.js';

const id = foreignId();

/** Whoever sends for a whole product cannot mend what its people wrote: what is too long is cut, not refused. */
const text = (max: number) =>
  z
    .string()
    .transform((all) => clip(all, max))
    .meta({ description: `Cut to ${max} characters.` });

/** Null for what is missing. */
const orNull = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? null);
/** Null for what is missing or empty. */
const optionalText = (max: number) => orNull(text(max)).transform((said) => (said === '' ? null : said));

const names = { id: id.nullish(), source_id: id.nullish() };
const isNamed = (data: { id?: string | null; source_id?: string | null }) =>
  typeof (data.source_id ?? data.id) === 'string';
const unnamed = { path: ['source_id'], message: 'is required, or `id`: what the escalation is called there' };

const raisedData = z
  .object({
    ...names,
    title: z.string().min(1).pipe(text(500)),
    severity: z.enum(severities),
    reason: optionalText(10_000),
    kind: z.enum(escalationKinds).nullish(),
    gateway: orNull(z.object({ id: text(255), name: optionalText(200), environment: optionalText(200) })),
    actor: orNull(
      z.object({
        id: optionalText(255),
        name: optionalText(200),
        email: optionalText(320),
        type: optionalText(100),
      }),
    ),
    context: z.unknown().optional(),
    policy: orNull(z.object({ id: text(255), name: text(200) })),
    review_url: orNull(z.string().max(2_000).refine(isWebUrl, 'must be an http or https URL without credentials')).meta(
      { description: 'Its page there.' },
    ),
  })
  .refine(isNamed, unnamed)
  .meta({ id: 'SourceEscalationCreated' });

const resolvedData = z
  .object({
    ...names,
    resolution: z.enum(resolutions),
    resolved_by: orNull(z.object({ id: optionalText(255), name: optionalText(200) })),
    notes: z
      .union([optionalText(10_000), z.array(z.unknown()).transform(() => null)])
      .meta({ description: 'What was said with the resolution. A list of notes is ignored.' }),
  })
  .refine(isNamed, unnamed)
  .meta({ id: 'SourceEscalationResolved' });

export type RaisedData = z.output<typeof raisedData>;
export type ResolvedData = z.output<typeof resolvedData>;

/** Verbatim: a copy would lose a field called `__proto__`. */
const anyData = z
  .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
  })
  .meta({ override: { type: 'object', additionalProperties: true } });

const envelope = {
  id: id.meta({ description: 'The event’s own: the same one twice is one.' }),
  timestamp: usualTime.optional(),
};
const [created, resolved] = ownEventTypes;

/** What a source sends: the envelope of our own deliveries. Further fields are ignored, so that it may send its own as it is. */
export const sourceEventSchema = z
  .discriminatedUnion('type', [
    z.object({ ...envelope, type: z.literal(created), data: raisedData }),
    z.object({ ...envelope, type: z.literal(resolved), data: resolvedData }),
    z.object({ ...envelope, type: z.enum(ingestedEventTypes), data: anyData }),
  ])
  .meta({ id: 'SourceEvent' });

/** A delivery that only asks whether it arrives. */
export const testEventSchema = z.object({
  id,
  type: z.enum([...ownEventTypes, ...ingestedEventTypes]),
  test: z.literal(true),
});

export const sourceAppliedSchema = z
  .strictObject({
    success: z.literal(true),
    applied: z.strictObject({
      escalation: z.boolean().meta({ description: 'Whether this raised or resolved one.' }),
      event: z.boolean().meta({ description: 'Whether this was ingested as an event.' }),
    }),
  })
  .meta({ id: 'SourceEventApplied' });
