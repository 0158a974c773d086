import { z } from 'zod';
import { example } from '../http/example-values.js';
import type { OutgoingAnswer, OutgoingWebhook } from '../http/openapi/webhook.js';
import {
  ticketCommentedAnswer,
  ticketCreatedAnswer,
  ticketEventSchemas,
  type TicketEvent,
  type TicketEventName,
} from '../integrations/webhook/payload-schema.js';

const headers = {
  'X-Signature': z.string().meta({
    description:
      '`sha256=` and the hex HMAC-SHA256 of the raw body. The key is the connection’s `webhook_secret`, or `TICKET_WEBHOOK_SECRET`, as UTF-8 bytes.',
    examples: ['sha256=6d1b1f1d5a5c0a4b5b9b2f1c7de2f6f0b6a5f3c2e1d0c9b8a79685746352413f'],
  }),
};

const common = {
  id: 'cmd_01KF06WXX0T7W9Y2A4C6E8G1JK',
  org_id: example.org,
  occurred_at: example.at,
  ticket: {
    external_id: example.ticket,
    link_id: example.ticket,
    title: 'Customer data in a prompt',
    description: 'The prompt holds customer data.',
    url: `https://drawbridge.example.com/escalations/${example.escalation}/review`,
    severity: 'P1',
    metadata: {
      subject_type: 'escalation',
      subject_id: example.escalation,
      severity: 'high',
      gateway: 'EU gateway',
      actor: 'Sam Analyst',
      policy: null,
      reason: 'The prompt holds customer data.',
    },
  },
} as const;

const failures = {
  '4XX': {
    description:
      '408, 425 and 429: tried again, not before a `Retry-After` has passed. Any other status: the tracker refuses for good, and nothing is tried again.',
  },
  '5XX': { description: 'Tried again until it succeeds, not before a `Retry-After` has passed.' },
};

interface TicketWebhook {
  name: string;
  summary: string;
  description: string;
  example: TicketEvent;
  success: OutgoingAnswer;
}

const done = { description: 'It is done. The body of the answer is ignored.' };

const webhooks: Record<TicketEventName, TicketWebhook> = {
  'ticket.create': {
    name: 'TicketCreate',
    summary: 'Create a ticket',
    description: 'The tracker may answer with its own id for the ticket. Otherwise the proposed one is used.',
    example: { event: 'ticket.create', ...common },
    success: {
      description: 'The ticket exists.',
      content: {
        schema: ticketCreatedAnswer,
        example: { external_id: 'SEC-1', external_url: 'https://tracker.example.com/SEC-1' },
      },
    },
  },
  'ticket.comment': {
    name: 'TicketComment',
    summary: 'Add a comment to a ticket',
    description: 'Sent once for each comment that is written in Drawbridge.',
    example: {
      event: 'ticket.comment',
      ...common,
      comment: { id: example.comment, author: 'Ada Reviewer', body: 'The export is attached.' },
    },
    success: {
      description: 'The comment exists.',
      content: { schema: ticketCommentedAnswer, example: { external_comment_id: '10042' } },
    },
  },
  'ticket.close': {
    name: 'TicketClose',
    summary: 'Close a ticket',
    description: 'Sent when the ticket is closed in Drawbridge.',
    example: { event: 'ticket.close', ...common },
    success: done,
  },
};

const toWebhook = (event: TicketEventName, webhook: TicketWebhook): OutgoingWebhook => ({
  id: `receive${webhook.name}`,
  tag: 'Tracker webhooks',
  summary: webhook.summary,
  description: `${webhook.description} Posted to the URL of a \`webhook\` connection, or to \`TICKET_WEBHOOK_URL\`. The body is compact JSON in UTF-8 with sorted keys; verify the signature over these very bytes. Repeated attempts have the same \`id\`.`,
  headers,
  payload: ticketEventSchemas[event],
  example: webhook.example,
  answers: { '2XX': webhook.success, ...failures },
});

/** What a tracker behind a signed webhook receives, by event. */
export const ticketWebhooks = Object.fromEntries(
  Object.entries(webhooks).map(([event, webhook]) => [event, toWebhook(event as TicketEventName, webhook)]),
);
