import { z } from 'zod';
import { example } from '../example-values.js';

const signature = 'sha256=6d1b1f1d5a5c0a4b5b9b2f1c7de2f6f0b6a5f3c2e1d0c9b8a79685746352413f';

/** What an optional schema wraps keeps its description to itself. */
export const optionalHeader = (schema: z.ZodString) => schema.optional().meta({ ...schema.meta() });

const header = (description: string, sample: string) => z.string().meta({ description, examples: [sample] });

/** Documents the headers that `signedHeaders` in src/lib/signing.ts sends. */
export const signedWebhookHeaders = {
  'webhook-id': header(
    'The id of the message: the same on every attempt. Skip a message whose id you have seen.',
    example.event,
  ),
  'webhook-timestamp': header('When this attempt was made, in seconds since 1970. Refuse old ones.', '1768469400'),
  'webhook-signature': header(
    'Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `webhook-id.webhook-timestamp.body`, with a space between several signatures. The key is what follows `whsec_` in the secret, decoded from base64. While a secret is rotated, there is one signature for each secret.',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ),
  'X-Keeptrusts-Signature': header(
    '`sha256=` and the hex HMAC-SHA256 of the raw body. The key is the whole secret, as UTF-8 bytes.',
    signature,
  ),
  'X-Keeptrusts-Signature-Previous': optionalHeader(
    header('While a secret is rotated: the same with the former secret.', signature),
  ),
  'X-Keeptrusts-Event': header('The type of the event.', 'export.completed'),
} as const;

/** Of receivers of our JSON, signed or not: any 2xx settles a message. */
export const receiverAnswers = {
  '2XX': { description: 'The message is delivered. The body of the answer is recorded and otherwise ignored.' },
  '4XX': { description: 'The attempt has failed. It is tried again, not before a `Retry-After` has passed.' },
  '5XX': { description: 'The attempt has failed. It is tried again, not before a `Retry-After` has passed.' },
} as const;
