import { z } from 'zod';
import { orgParams } from '../../http/schema.js';
import { moments } from '../notification.js';
import { channelTypes } from '../port.js';
import { isWebUrl } from '../../lib/parse-url.js';
import { severities } from '../../lib/severity.js';

const severity = z.enum(severities);
const moment = z.enum(moments);

const shared = {
  id: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'Of a channel that there is; without one, a new channel.' }),
  name: z.string().min(1).max(200),
  min_severity: severity.default('low').meta({ description: 'Budget events have no severity, and always pass.' }),
  on: z
    .array(moment)
    .min(1)
    .max(50)
    .transform((list) => [...new Set(list)])
    .meta({ description: 'The moments that it wants.' }),
  enabled: z.boolean().default(true),
  secrets: z
    .record(z.string().max(50), z.boolean())
    .optional()
    .meta({ description: 'Read-only: ignored, so that an answer can be sent back.' }),
};

const kept = 'Write-only; kept when left out together with the `id` of a channel that has one.';

const url = z
  .string()
  .max(2000)
  .refine(isWebUrl, 'must be an http or https URL without credentials')
  .optional()
  .meta({ description: kept });

const routingKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
  .optional()
  .meta({ description: kept });

const secret = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.startsWith('whsec_') || /^whsec_[\w+/]+={0,2}$/.test(text), 'must have base64 after whsec_')
  .nullish()
  .meta({
    description:
      `${kept} \`null\` removes it, and calls go unsigned. Must be sent again when \`url\` changes. The key of
\`webhook-signature\` is what follows \`whsec_\`, from base64; for any other text it is its UTF-8 bytes.
\`X-Keeptrusts-Signature\` takes the whole text.`.replaceAll('\n', ' '),
  });

const channelInput = z
  .discriminatedUnion('type', [
    z.strictObject({ ...shared, type: z.literal('webhook'), url, secret }),
    z.strictObject({ ...shared, type: z.literal('slack'), url }),
    z.strictObject({ ...shared, type: z.literal('teams'), url }),
    z.strictObject({ ...shared, type: z.literal('pagerduty'), routing_key: routingKey }),
  ])
  .meta({ id: 'ApprovalChannelInput' });

export type ChannelInput = z.output<typeof channelInput>;

export const replaceApprovalsBody = z
  .strictObject({ channels: z.array(channelInput).max(50) })
  .meta({ id: 'ApprovalsReplace' });

const channelSchema = z
  .object({
    id: z.string(),
    type: z.enum(channelTypes),
    name: z.string(),
    min_severity: severity,
    on: z.array(moment),
    enabled: z.boolean(),
    secrets: z
      .object({ url: z.boolean(), routing_key: z.boolean(), secret: z.boolean() })
      .partial()
      .meta({ description: 'Which of its write-only fields are set; those of other types are missing.' }),
  })
  .meta({ id: 'ApprovalChannel' });

export const approvalsSchema = z.object({ channels: z.array(channelSchema) }).meta({ id: 'Approvals' });

export const channelParams = orgParams.extend({ channel_id: z.string().max(64) });

export const channelTestSchema = z
  .object({
    ok: z.boolean(),
    status: z.number().int().nullable().meta({ description: 'The HTTP status of its answer; null without one.' }),
    detail: z.string(),
  })
  .meta({ id: 'ApprovalChannelTest' });
