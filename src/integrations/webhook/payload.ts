import type { OutboundComment, TicketDraft } from '../port.js';
import { canonicalJson } from '../../lib/canonical-json.js';
import type { TicketEvent, TicketEventName } from './payload-schema.js';

export interface OutboundEvent {
  event: TicketEventName;
  /** The command's key: receivers know a repetition by it. */
  id: string;
  occurredAt: Date;
  /** Proposed by us with a create, the tracker's own later. */
  externalId: string;
  ticket: TicketDraft;
  comment?: OutboundComment;
}

/** Every field of one of the events; a comment has one more. */
type Sent = Omit<TicketEvent, 'event'> & {
  event: TicketEventName;
  comment?: Extract<TicketEvent, { comment: unknown }>['comment'];
};

/** The body of a call to the generic webhook (API.md, "Generic webhook, outbound"): compact UTF-8, keys sorted. */
export function encodeEvent({ event, id, occurredAt, externalId, ticket, comment }: OutboundEvent): Buffer {
  const { metadata } = ticket;
  const payload: Sent = {
    event,
    id,
    org_id: ticket.orgId,
    occurred_at: occurredAt.toISOString(),
    ticket: {
      external_id: externalId,
      link_id: ticket.linkId,
      title: ticket.title,
      description: ticket.description,
      url: ticket.url,
      severity: ticket.severity,
      // Named one by one: nothing that a caller adds to the metadata leaves unseen.
      metadata: {
        subject_type: metadata.subject_type,
        subject_id: metadata.subject_id,
        severity: metadata.severity,
        gateway: metadata.gateway,
        actor: metadata.actor,
        policy: metadata.policy,
        reason: metadata.reason,
      },
    },
    ...(comment && { comment: { id: comment.id ?? comment.key, author: comment.author, body: comment.body } }),
  };
  return Buffer.from(canonicalJson(payload), 'utf8');
}
