import { z } from 'zod';
import { foreignId, leftOutIfEmpty, foreignTime } from '../../http/lenient.js';
import { clip } from '../../lib/display-text.js';
import { commentBodySchema } from '../comments/schema.js';

const id = foreignId();
const maxAuthorLength = 200;

const inboundCommentSchema = z
  .object({
    external_comment_id: id.meta({
      description: 'The id of the comment in the tracker: the same one twice is one comment.',
    }),
    author: leftOutIfEmpty(z.string().transform((name) => clip(name, maxAuthorLength))).meta({
      description: 'Who wrote it.',
    }),
    body: commentBodySchema,
  })
  .meta({ id: 'InboundComment', description: 'A comment that was written in the tracker.' });

/** What a tracker sends; further fields are ignored, so that it may send its own event as it is. */
export const inboundSchema = z
  .object({
    external_id: id.meta({ description: 'The id of the ticket in the tracker.' }),
    comment: leftOutIfEmpty(inboundCommentSchema).meta({ description: 'A comment that was written or edited.' }),
    status: leftOutIfEmpty(z.string().max(100)).meta({
      description: 'The new status. Under an evidence request, one of its statuses.',
    }),
    event_id: leftOutIfEmpty(id).meta({
      description: 'The id of this event: the same one twice is applied once.',
    }),
    occurred_at: foreignTime
      .optional()
      .meta({ description: 'When it happened: an older status than the last applied one is dropped.' }),
  })
  .meta({
    id: 'InboundTicketEvent',
    description: 'What a tracker reports about a ticket. Further fields are ignored.',
  });

export type InboundEvent = z.infer<typeof inboundSchema>;

/** What a tracker sends in its own dialect. */
export const trackerEventSchema = z
  .looseObject({})
  .meta({ id: 'TrackerEvent', description: 'A webhook of a tracker, exactly as the tracker sends it.' });

const appliedSchema = z
  .strictObject({
    comment: z.boolean().meta({ description: 'Whether a comment was added or edited.' }),
    status: z.boolean().meta({ description: 'Whether the status was changed.' }),
  })
  .meta({ id: 'InboundChanges', description: 'What was applied.' });

export const inboundAppliedSchema = z
  .strictObject({ success: z.literal(true).meta({ description: 'Always true.' }), applied: appliedSchema })
  .meta({ id: 'InboundApplied', description: 'A tracker’s webhook that was applied.' });

export const inboundQueuedSchema = z
  .strictObject({
    success: z.literal(true).meta({ description: 'Always true.' }),
    applied: z.literal('queued').meta({ description: 'It is stored, and will be applied.' }),
  })
  .meta({ id: 'InboundQueued', description: 'A tracker’s webhook that is applied later.' });
