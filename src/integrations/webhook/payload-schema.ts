import { z } from 'zod';
import { severitySchema } from '../../lib/severity.js';

const nullable = (description: string) => z.string().nullable().meta({ description });

const metadataSchema = z
  .strictObject({
    subject_type: z.enum(['evidence_request', 'escalation']).meta({ description: 'What the ticket is about.' }),
    subject_id: z.string().meta({ description: 'The id of that object.' }),
    severity: severitySchema.nullable().meta({ description: 'The severity of Drawbridge; null without one.' }),
    gateway: nullable('The gateway where it happened.'),
    actor: nullable('Who did what was escalated.'),
    policy: nullable('The policy that raised it.'),
    reason: nullable('Why it was escalated.'),
  })
  .meta({ id: 'TicketEventMetadata', description: 'What is known about the subject of a ticket.' });

const pairSchema = z
  .strictObject({
    impact: z.union([z.string(), z.number()]).meta({ description: 'The impact.' }),
    urgency: z.union([z.string(), z.number()]).meta({ description: 'The urgency.' }),
  })
  .meta({ id: 'TicketEventSeverityPair', description: 'A severity as impact and urgency.' });

const ticketSchema = z
  .strictObject({
    external_id: z.string().meta({
      description: 'The id of the ticket. In `ticket.create` it is the one that Drawbridge proposes.',
    }),
    link_id: z.string().meta({ description: 'The id of the link in Drawbridge.' }),
    title: z.string().meta({ description: 'The title, in one line.' }),
    description: z.string().meta({ description: 'The text, in Markdown.' }),
    url: z.string().meta({ description: 'The page of the subject.' }),
    severity: z
      .union([z.string(), pairSchema])
      .nullable()
      .meta({ description: 'The severity in the terms of the tracker, by the severity map; null without one.' }),
    metadata: metadataSchema,
  })
  .meta({ id: 'TicketEventTicket', description: 'The ticket.' });

const commentSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the comment in Drawbridge.' }),
    author: z.string().meta({ description: 'Who wrote it.' }),
    body: z.string().meta({ description: 'The text, in Markdown.' }),
  })
  .meta({ id: 'TicketEventComment', description: 'The comment.' });

export const ticketEvents = ['ticket.create', 'ticket.comment', 'ticket.close'] as const;
export type TicketEventName = (typeof ticketEvents)[number];

const envelope = <E extends TicketEventName>(event: E) => ({
  event: z.literal(event).meta({ description: 'What is asked for.' }),
  id: z
    .string()
    .meta({ description: 'The id of this request: the same on every attempt. Skip one that you have seen.' }),
  org_id: z.string().meta({ description: 'The id of the org.' }),
  occurred_at: z.iso.datetime().meta({ description: 'When it was asked for.' }),
  ticket: ticketSchema,
});

/** The bodies that a tracker behind a signed webhook receives; `encodeEvent` makes them. */
export const ticketEventSchemas = {
  'ticket.create': z
    .strictObject(envelope('ticket.create'))
    .meta({ id: 'TicketCreateEvent', description: 'Create this ticket.' }),
  'ticket.comment': z
    .strictObject({ ...envelope('ticket.comment'), comment: commentSchema })
    .meta({ id: 'TicketCommentEvent', description: 'Add this comment to the ticket.' }),
  'ticket.close': z
    .strictObject(envelope('ticket.close'))
    .meta({ id: 'TicketCloseEvent', description: 'Close this ticket.' }),
} as const satisfies Record<TicketEventName, z.ZodType>;

export type TicketEvent = {
  [Name in TicketEventName]: z.infer<(typeof ticketEventSchemas)[Name]>;
}[TicketEventName];

/** What the tracker may answer to a create; see `readAnswer`. */
export const ticketCreatedAnswer = z
  .looseObject({
    external_id: z
      .union([z.string().max(255), z.number()])
      .optional()
      .meta({ description: 'The id of the ticket, if it is not the proposed one.' }),
    external_url: z.string().max(2048).optional().meta({ description: 'The page of the ticket: http or https.' }),
  })
  .meta({ id: 'TicketCreatedAnswer', description: 'What the tracker may say about the ticket.' });

/** What the tracker may answer to a comment. */
export const ticketCommentedAnswer = z
  .looseObject({
    external_comment_id: z
      .union([z.string().max(255), z.number()])
      .optional()
      .meta({ description: 'The id of the comment: replies with it are known to be this comment.' }),
  })
  .meta({ id: 'TicketCommentedAnswer', description: 'What the tracker may say about the comment.' });
