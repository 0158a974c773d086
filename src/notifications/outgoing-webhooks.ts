import { z } from 'zod';
import { example } from '../http/example-values.js';
import { optionalHeader, receiverAnswers, signedWebhookHeaders } from '../http/openapi/signed-headers.js';
import type { OutgoingWebhook, OutgoingWebhooks } from '../http/openapi/webhook.js';
import type { Notification } from './notification.js';
import { notificationTypes } from './webhook/format.js';
import { notifiedBudgetSchema, notifiedEscalationSchema, testDataSchema } from './webhook/payload-schema.js';

const { 'webhook-signature': standard, 'X-Keeptrusts-Signature': keeptrusts, ...unsigned } = signedWebhookHeaders;

/** A channel without a secret is called unsigned. */
const headers = {
  ...unsigned,
  'webhook-signature': optionalHeader(standard),
  'X-Keeptrusts-Signature': optionalHeader(keeptrusts),
};

const escalation: z.input<typeof notifiedEscalationSchema> = {
  id: example.escalation,
  title: 'Customer data in a prompt',
  severity: 'high',
  kind: 'review',
  status: 'open',
  reason: 'The prompt holds customer data.',
  gateway: { id: 'gw-1', name: 'EU gateway', environment: 'production' },
  actor: { id: 'u-1', name: 'Sam Analyst', email: 'sam@example.com', type: 'user' },
  policy: null,
  claimed_by: null,
  resolution: null,
  resolved_by: null,
  breached: null,
  review_url: `https://drawbridge.example.com/escalations/${example.escalation}/review`,
  ticket_url: 'https://acme.atlassian.net/browse/SEC-1',
};
const claimed = { ...escalation, status: 'claimed', claimed_by: 'Ada Reviewer' } as const;

interface Moment {
  name: string;
  summary: string;
  data: z.ZodType;
  example: object;
}

const moments: Record<Notification['moment'], Moment> = {
  created: {
    name: 'EscalationCreated',
    summary: 'Notify people: an escalation was raised',
    data: notifiedEscalationSchema,
    example: escalation,
  },
  claimed: {
    name: 'EscalationClaimed',
    summary: 'Notify people: an escalation was claimed',
    data: notifiedEscalationSchema,
    example: claimed,
  },
  overdue: {
    name: 'EscalationOverdue',
    summary: 'Notify people: an escalation is overdue',
    data: notifiedEscalationSchema,
    example: { ...escalation, breached: 'acknowledge' },
  },
  resolved: {
    name: 'EscalationResolved',
    summary: 'Notify people: an escalation was resolved',
    data: notifiedEscalationSchema,
    example: { ...claimed, status: 'resolved', resolution: 'approved', resolved_by: 'Ada Reviewer' },
  },
  budget: {
    name: 'BudgetThresholdReached',
    summary: 'Notify people: a budget has reached a threshold',
    data: notifiedBudgetSchema,
    example: { wallet_id: 'w-3', threshold_percent: 80, spent: 800, limit: 1000, currency: 'EUR', period: 'month' },
  },
  test: {
    name: 'Test',
    summary: 'Notify people: a test',
    data: testDataSchema,
    example: { test: true },
  },
};

function toWebhook(moment: Notification['moment']): OutgoingWebhook {
  const type = notificationTypes[moment];
  const { name, summary, data, example: sample } = moments[moment];
  const id = 'ntf_5b8e0c6f2d1a4e7f9c3b6d8a0e2f4c1b';
  return {
    id: `receive${name}Notification`,
    tag: 'Approval notifications',
    summary,
    description: `Posted to a notification channel of the type \`webhook\`. Without a secret, the request is not signed. Several attempts have the same \`webhook-id\`.`,
    headers,
    payload: z
      .strictObject({
        id: z.string().meta({ description: 'The id of the notification, like `webhook-id`.' }),
        type: z.literal(type).meta({ description: 'What happened.' }),
        timestamp: z.iso.datetime().meta({ description: 'When it happened.' }),
        org_id: z.string().meta({ description: 'The id of the org.' }),
        data,
      })
      .meta({ id: `${name}Notification`, description: `${summary}.` }),
    example: { id, type, timestamp: example.at, org_id: example.org, data: sample },
    answers: receiverAnswers,
  };
}

/** What a channel of the type `webhook` receives. Named after its `type`, apart from the event of the same type. */
export const notificationWebhooks: OutgoingWebhooks = Object.fromEntries(
  (Object.keys(moments) as Notification['moment'][]).map((moment) => [
    `notification.${notificationTypes[moment].replace(/^notification\./, '')}`,
    toWebhook(moment),
  ]),
);
