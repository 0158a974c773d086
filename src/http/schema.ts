import { z } from 'zod';
import { example } from './example-values.js';

const org = z.string().meta({
  description: 'The id of the org.',
  examples: [example.org],
  param: { id: 'Org' },
});

/** The path parameter of everything under an org. */
export const orgParams = z.object({ org });

/**
 * The path parameters of one of an org's things.
 * @param what of people, for the document: `evidence request`
 * @param exampleId such as `er_…`
 */
export const itemParams = (what: string, exampleId: string) => orgParams.extend({ id: idParam(what, exampleId) });

/** The id of something in a path. See `itemParams`. */
export const idParam = (what: string, exampleId: string) =>
  z.string().meta({ description: `The id of the ${what}.`, examples: [exampleId] });

/** A time in a request, with `Z` or an offset; parsed to a Date. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-01-01T00:00:00.000Z' })
  .transform((text) => new Date(text));

/** A time in an answer: ISO 8601 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime();

/** When something was made. */
export const createdAt = timestamp.meta({ description: 'When it was created.' });
/** When something was last changed. */
export const updatedAt = timestamp.meta({ description: 'When it was last changed.' });
/** The org that an object belongs to. */
export const orgIdField = z.string().meta({ description: 'The id of the org that it belongs to.' });

/** Who did something, as callers see it. */
export const actorSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the person or the system.' }),
    name: z.string().meta({ description: 'The name, for people.' }),
    via: z.string().meta({ description: 'The id of the API key that was used, or `admin`.' }),
  })
  .meta({ id: 'Actor', description: 'Who did something.' });

/** The Temporal workflow behind an object. */
export const workflowSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the workflow in Temporal.' }),
    url: z.string().nullable().meta({ description: 'Its page in Temporal’s UI; null when no UI is configured.' }),
  })
  .meta({ id: 'Workflow', description: 'The Temporal workflow that works on an object.' });

const problemErrorSchema = z
  .object({
    path: z.string().meta({ description: 'Where, such as `events[17].type`; empty for the body as a whole.' }),
    message: z.string().meta({ description: 'What is wrong with it.' }),
  })
  .meta({ id: 'ProblemError', description: 'One thing that is wrong with a request.' });

/** RFC 9457's document as we fill it. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'The address of the page that explains this code and says what to do.' }),
    title: z.string().meta({ description: 'The status in words.' }),
    status: z.number().int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong, for people.' }),
    code: z.string().meta({ description: 'Stable, for programs. New codes may be added.' }),
    errors: z
      .array(problemErrorSchema)
      .optional()
      .meta({ description: 'With `validation_failed`: all that is wrong.' }),
    missing: z
      .array(z.string())
      .optional()
      .meta({ description: 'With `provider_not_configured`: the settings or secrets that are missing.' }),
  })
  .meta({ id: 'Problem', description: 'Why a request was not served (RFC 9457).' });
