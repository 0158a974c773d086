import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { idParam, orgParams } from '../../http/schema.js';
import { moments } from '../notification.js';
import { channelTypes } from '../port.js';
import { isWebUrl } from '../../lib/parse-url.js';
import { severitySchema } from '../../lib/severity.js';

const moment = z.enum(moments).meta({
  id: 'ApprovalMoment',
  description: 'When people are notified. `budget` is a `budget.threshold_reached` event.',
});

const shared = {
  id: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'The id of a channel that exists. Without one, a new channel is made.' }),
  name: z.string().min(1).max(200).meta({ description: 'The name, for people.' }),
  min_severity: severitySchema.default('low').meta({
    description: 'The least severity that is notified. Budget events have none, and always pass.',
  }),
  on: z
    .array(moment)
    .min(1)
    .max(50)
    .transform((list) => [...new Set(list)])
    .meta({ description: 'When people are notified.' }),
  enabled: z.boolean().default(true).meta({ description: 'Whether notifications are sent.' }),
  secrets: z
    .record(z.string().max(50), z.boolean())
    .optional()
    .meta({ description: 'Ignored, so that the answer of a GET can be sent back as it is.' }),
};

const kept = 'Write-only; kept when left out together with the `id` of a channel that has one.';

const url = z
  .string()
  .max(2000)
  .refine(isWebUrl, 'must be an http or https URL without credentials')
  .optional()
  .meta({ description: `Where notifications are posted. ${kept}` });

const routingKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
  .optional()
  .meta({ description: `The integration key of the PagerDuty service. ${kept}` });

const secret = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.startsWith('whsec_') || /^whsec_[\w+/]+={0,2}$/.test(text), 'must have base64 after whsec_')
  .nullish()
  .meta({
    description:
      `The secret that signs notifications. ${kept} \`null\` removes it, and calls go unsigned. It must be sent again when \`url\` changes. The key of
\`webhook-signature\` is what follows \`whsec_\`, from base64; for any other text it is its UTF-8 bytes.
\`X-Keeptrusts-Signature\` takes the whole text.`.replaceAll('\n', ' '),
  });

const type = <const T extends (typeof channelTypes)[number]>(of: T) =>
  z.literal(of).meta({ description: 'The kind of channel.' });

const channelInput = z
  .discriminatedUnion('type', [
    z
      .strictObject({ ...shared, type: type('webhook'), url, secret })
      .meta({ id: 'ApprovalChannelInputWebhook', description: 'A receiver of signed JSON.' }),
    z
      .strictObject({ ...shared, type: type('slack'), url })
      .meta({ id: 'ApprovalChannelInputSlack', description: 'A Slack channel, by its incoming webhook.' }),
    z
      .strictObject({ ...shared, type: type('teams'), url })
      .meta({ id: 'ApprovalChannelInputTeams', description: 'A Teams channel, by its workflow.' }),
    z
      .strictObject({ ...shared, type: type('pagerduty'), routing_key: routingKey })
      .meta({ id: 'ApprovalChannelInputPagerDuty', description: 'A PagerDuty service.' }),
  ])
  .meta({ id: 'ApprovalChannelInput', description: 'A channel that people are notified through.' });

export type ChannelInput = z.output<typeof channelInput>;

export const replaceApprovalsBody = z
  .strictObject({ channels: z.array(channelInput).max(50).meta({ description: 'All channels.' }) })
  .meta({ id: 'ApprovalsReplace', description: 'The channels of an org, all of them.' });

const channelSecretsSchema = z
  .object({
    url: z.boolean().meta({ description: 'Whether the URL is set.' }),
    routing_key: z.boolean().meta({ description: 'Whether the integration key is set.' }),
    secret: z.boolean().meta({ description: 'Whether the secret is set.' }),
  })
  .partial()
  .meta({
    id: 'ApprovalChannelSecrets',
    description: 'Which of the write-only fields are set. Fields of other kinds of channels are missing.',
  });

const channelSchema = z
  .object({
    id: z.string().meta({ description: 'The id of the channel.' }),
    type: z.enum(channelTypes).meta({ description: 'The kind of channel.' }),
    name: z.string().meta({ description: 'The name, for people.' }),
    min_severity: severitySchema.meta({ description: 'The least severity that is notified.' }),
    on: z.array(moment).meta({ description: 'When people are notified.' }),
    enabled: z.boolean().meta({ description: 'Whether notifications are sent.' }),
    secrets: channelSecretsSchema,
  })
  .meta({ id: 'ApprovalChannel', description: 'A channel that people are notified through.' });

export const approvalsSchema = z
  .object({ channels: z.array(channelSchema).meta({ description: 'All channels.' }) })
  .meta({ id: 'Approvals', description: 'The channels of an org.' });

export const replaceApprovalsExample: z.input<typeof replaceApprovalsBody> = {
  channels: [
    {
      type: 'slack',
      name: '#security-reviews',
      url: 'https://hooks.slack.com/services/T000/B000/example',
      min_severity: 'high',
      on: ['created', 'overdue'],
    },
  ],
};

export const approvalsExample: z.input<typeof approvalsSchema> = {
  channels: [
    {
      id: example.channel,
      type: 'slack',
      name: '#security-reviews',
      min_severity: 'high',
      on: ['created', 'overdue'],
      enabled: true,
      secrets: { url: true },
    },
  ],
};

export const channelParams = orgParams.extend({ channel_id: idParam('channel', example.channel).max(64) });

export const channelTestSchema = z
  .object({
    ok: z.boolean().meta({ description: 'Whether the channel took it.' }),
    status: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'The HTTP status of the channel; null when no answer came.' }),
    detail: z.string().meta({ description: 'What happened, for people.' }),
  })
  .meta({ id: 'ApprovalChannelTest', description: 'What a test of a channel found.' });
