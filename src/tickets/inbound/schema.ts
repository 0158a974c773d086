import { z } from 'zod';
import { commentBodySchema } from '../comments/schema.js';

const id = z.string().min(1).max(255);

/** What a tracker sends; further fields are ignored, so that it may send its own event as it is. */
export const inboundSchema = z
  .object({
    external_id: id,
    comment: z
      .object({ external_comment_id: id, author: z.string().min(1).max(200).optional(), body: commentBodySchema })
      .optional(),
    status: z.string().min(1).max(100).optional(),
    event_id: id.optional(),
    occurred_at: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'InboundTicketEvent' });

export type InboundEvent = z.infer<typeof inboundSchema>;

export const inboundAppliedSchema = z
  .strictObject({ success: z.literal(true), applied: z.strictObject({ comment: z.boolean(), status: z.boolean() }) })
  .meta({ id: 'InboundApplied' });

export const inboundQueuedSchema = z
  .strictObject({ success: z.literal(true), applied: z.literal('queued') })
  .meta({ id: 'InboundQueued' });
