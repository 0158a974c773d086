import { z } from 'zod';
import { mappedSeverity } from '../escalations/routing/schema.js';
import { escalationSchema } from '../escalations/schema.js';
import type { EventType } from '../events/types.js';
import { example } from '../http/example-values.js';
import { receiverAnswers, signedWebhookHeaders } from '../http/openapi/signed-headers.js';
import type { OutgoingWebhook, OutgoingWebhooks } from '../http/openapi/webhook.js';
import { timestamp } from '../http/schema.js';
import { sampleData } from './deliveries/samples.js';

const optional = <S extends z.ZodType>(schema: S, description: string) => schema.optional().meta({ description });
const text = (description: string) => optional(z.string(), description);
const number = (description: string) => optional(z.number(), description);

/** Of `escalation.created` and `escalation.resolved`: what `eventDataOf` makes. */
export const escalationEventData = escalationSchema
  .omit({ notes: true })
  .extend({ mapped_severity: mappedSeverity })
  .meta({ id: 'EscalationEventData', description: 'The escalation, without its notes.' });

const notEnforced =
  'The fields are those that the governance product is asked to send. They are passed on as they came, and not enforced.';

interface EventDoc {
  /** The schema of `data`. */
  data: z.ZodType;
  summary: string;
  description: string;
}

/** A new event type needs an entry here, or this does not compile. */
const events: Record<EventType, EventDoc> = {
  'event.created': {
    data: z
      .looseObject({
        gateway: optional(z.unknown(), 'The gateway: its id, or an object with `id`, `name` and `environment`.'),
        actor: optional(z.unknown(), 'Who did it: an id, or an object with `id`, `name`, `email` and `type`.'),
        reason: optional(z.unknown(), 'Why it was decided so.'),
        context: optional(z.unknown(), 'Anything else.'),
      })
      .meta({ id: 'EventCreatedData', description: `A decision of a gateway. ${notEnforced}` }),
    summary: 'A gateway has made a decision',
    description: 'Sent for each `event.created` that was ingested.',
  },
  'escalation.created': {
    data: escalationEventData,
    summary: 'An escalation was raised',
    description: 'Sent when an escalation enters the review queue.',
  },
  'escalation.resolved': {
    data: escalationEventData,
    summary: 'An escalation was resolved',
    description: 'Sent when a reviewer, or the source of the escalation, has decided.',
  },
  'export.completed': {
    data: z
      .looseObject({
        export_id: text('The id of the export.'),
        format: text('Its format, such as `csv`.'),
        rows: number('How many rows it has.'),
        url: text('Where it can be downloaded.'),
      })
      .meta({ id: 'ExportCompletedData', description: `An export that is complete. ${notEnforced}` }),
    summary: 'An export is complete',
    description: 'Sent for each `export.completed` that was ingested.',
  },
  'gateway.health_changed': {
    data: z
      .looseObject({
        gateway: text('The id of the gateway.'),
        from: text('Its health before.'),
        to: text('Its health now.'),
        reason: text('Why it changed.'),
      })
      .meta({ id: 'GatewayHealthChangedData', description: `A change of a gateway’s health. ${notEnforced}` }),
    summary: 'The health of a gateway has changed',
    description: 'Sent for each `gateway.health_changed` that was ingested.',
  },
  'budget.threshold_reached': {
    data: z
      .looseObject({
        wallet_id: text('The id of the wallet.'),
        threshold_percent: number('The threshold that was reached, in percent.'),
        spent: number('What was spent so far.'),
        limit: number('The budget.'),
        currency: text('The currency, by ISO 4217.'),
        period: text('What the budget is for, such as `month`.'),
      })
      .meta({
        id: 'BudgetThresholdReachedData',
        description: `A budget that is used up to a threshold. ${notEnforced}`,
      }),
    summary: 'A budget has reached a threshold',
    description: 'Sent for each `budget.threshold_reached` that was ingested.',
  },
  'config.deployed': {
    data: z
      .looseObject({
        config_id: text('The id of the configuration.'),
        version: text('The version that was deployed.'),
        gateway: text('The id of the gateway.'),
        deployed_by: text('Who deployed it.'),
      })
      .meta({ id: 'ConfigDeployedData', description: `A configuration that was deployed. ${notEnforced}` }),
    summary: 'A configuration was deployed',
    description: 'Sent for each `config.deployed` that was ingested.',
  },
};

/** The body of a delivery. @param name in Pascal case, for the component */
const envelope = (type: EventType, name: string, { data, summary }: EventDoc) =>
  z
    .strictObject({
      id: z.string().meta({ description: 'The id of the event, like `webhook-id`.' }),
      type: z.literal(type).meta({ description: 'The type of the event.' }),
      timestamp: timestamp.meta({ description: 'When the event happened.' }),
      org_id: z.string().meta({ description: 'The id of the org.' }),
      data,
      test: z.literal(true).optional().meta({ description: 'Only in a test: nothing has happened.' }),
    })
    .meta({ id: `${name}Event`, description: `${summary}.` });

const headers = {
  ...signedWebhookHeaders,
  'X-Keeptrusts-Delivery': z
    .string()
    .meta({ description: 'The id of the delivery, to look it up through the API.', examples: [example.delivery] }),
};

function toWebhook(type: EventType, doc: EventDoc): OutgoingWebhook {
  const name = pascalCase(type);
  const at = new Date(example.at);
  const data = sampleData(type, { orgId: example.org, publicUrl: 'https://drawbridge.example.com', at });
  return {
    id: `receive${name}`,
    tag: 'Webhooks',
    summary: doc.summary,
    description: `${doc.description} Posted to every enabled endpoint that wants \`${type}\`, at least once. The body is compact JSON in UTF-8 with sorted keys; verify the signature over these very bytes.`,
    headers,
    payload: envelope(type, name, doc),
    example: { id: example.event, type, timestamp: example.at, org_id: example.org, data },
    answers: {
      ...receiverAnswers,
      '410': { description: 'The receiver wants no more: the endpoint is disabled.' },
    },
  };
}

/** What endpoints receive, by event type. */
export const eventWebhooks: OutgoingWebhooks = Object.fromEntries(
  Object.entries(events).map(([type, doc]) => [type, toWebhook(type as EventType, doc)]),
);

function pascalCase(type: string): string {
  return type.replace(/(^|[._])([a-z])/g, (_match, _gap, letter: string) => letter.toUpperCase());
}
