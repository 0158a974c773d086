import { eventTypes, type EventType } from '../../src/events/types.js';
import { encodeEvent, type OutboundEvent } from '../../src/integrations/webhook/payload.js';
import { sampleData } from '../../src/webhooks/deliveries/samples.js';

const at = new Date('2026-01-01T00:00:00.000Z');
const sampleOptions = { orgId: 'acme', publicUrl: 'https://drawbridge.example', at };

const meanings: Readonly<Record<EventType, string>> = {
  'event.created': 'A gateway decided about an interaction. `data` is what the sender gave, unchanged.',
  'escalation.created': 'An escalation was raised. `data` is the escalation without its notes, with `mapped_severity`.',
  'escalation.resolved':
    'An escalation was decided. `data` is the escalation without its notes, with `mapped_severity`.',
  'export.completed': 'An export is ready. `url` is optional.',
  'gateway.health_changed': "A gateway's health changed. `reason` is optional.",
  'budget.threshold_reached': 'Spending reached a threshold. Channels with the moment `budget` are notified.',
  'config.deployed': 'A configuration was deployed to a gateway.',
};

/** Each event type with an example of its whole body. */
export function eventsText(): string {
  return eventTypes
    .map((type) => {
      const envelope = {
        id: 'evt_01KDVDHKM0SXGJ4J8F7QNBXWZT',
        type,
        timestamp: at.toISOString(),
        org_id: sampleOptions.orgId,
        data: sampleData(type, sampleOptions),
      };
      return `### ${type}\n\n${meanings[type]}\n\n${json(envelope)}`;
    })
    .join('\n\n');
}

const ticket: OutboundEvent['ticket'] = {
  key: 'tkt_01KDVDHKM0X3T0E0VYQ7V5N6ZC',
  occurredAt: at,
  linkId: 'tkt_01KDVDHKM0X3T0E0VYQ7V5N6ZC',
  orgId: 'acme',
  title: 'Access logs of May',
  description: 'All gateways',
  url: 'https://drawbridge.example/evidence-requests/er_01KDVDHKM0C9G7Y2M4Q1ZB8R5D',
  severity: null,
  metadata: {
    subject_type: 'evidence_request',
    subject_id: 'er_01KDVDHKM0C9G7Y2M4Q1ZB8R5D',
    severity: null,
    gateway: null,
    actor: null,
    policy: null,
    reason: null,
  },
};

const calls: readonly { meaning: string; event: OutboundEvent }[] = [
  {
    meaning: 'Create this ticket. `external_id` is a proposal; the answer may name another one.',
    event: { event: 'ticket.create', id: ticket.linkId, occurredAt: at, externalId: ticket.linkId, ticket },
  },
  {
    meaning: 'Add this comment to the ticket.',
    event: {
      event: 'ticket.comment',
      id: 'cmt_01KDVDHKM0A4D2F6H8K0N3P5R7',
      occurredAt: at,
      externalId: 'TRK-1',
      ticket,
      comment: {
        key: 'cmt_01KDVDHKM0A4D2F6H8K0N3P5R7',
        author: 'Ann',
        body: 'Where are they?',
        occurredAt: at,
      },
    },
  },
  {
    meaning: 'Close this ticket.',
    event: { event: 'ticket.close', id: 'cmd_01KDVDHKM0N8R6T4V2X0Z9B7D5', occurredAt: at, externalId: 'TRK-1', ticket },
  },
];

/** The calls of a generic webhook tracker, each with an example of its whole body. */
export const ticketCallsText = (): string =>
  calls
    .map(({ meaning, event }) => {
      const body = JSON.parse(encodeEvent(event).toString('utf8')) as object;
      return `### ${event.event}\n\n${meaning}\n\n${json(body)}`;
    })
    .join('\n\n');

const json = (value: object) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
