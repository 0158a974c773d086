import { z } from 'zod';
import { foreignId, leftOutIfEmpty, usualTime } from '../../http/lenient.js';
import { clip } from '../../lib/display-text.js';
import { commentBodySchema } from '../comments/schema.js';

const id = foreignId();
const maxAuthorLength = 200;

/** What a tracker sends; further fields are ignored, so that it may send its own event as it is. */
export const inboundSchema = z
  .object({
    external_id: id,
    comment: leftOutIfEmpty(
      z.object({
        external_comment_id: id,
        author: leftOutIfEmpty(z.string().transform((name) => clip(name, maxAuthorLength))),
        body: commentBodySchema,
      }),
    ),
    status: leftOutIfEmpty(z.string().max(100)),
    event_id: leftOutIfEmpty(id),
    occurred_at: usualTime.optional(),
  })
  .meta({ id: 'InboundTicketEvent' });

export type InboundEvent = z.infer<typeof inboundSchema>;

export const inboundAppliedSchema = z
  .strictObject({ success: z.literal(true), applied: z.strictObject({ comment: z.boolean(), status: z.boolean() }) })
  .meta({ id: 'InboundApplied' });

export const inboundQueuedSchema = z
  .strictObject({ success: z.literal(true), applied: z.literal('queued') })
  .meta({ id: 'InboundQueued' });
