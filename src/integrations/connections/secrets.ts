import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { EncryptionError, type Cipher, type EncryptedPart } from '../../lib/encryption.js';
import { secretNames, type ConnectionDoc, type ConnectionProvider, type SecretName } from './model.js';

const token = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters')
  .meta({ description: 'A credential of the tracker. Write-only.' });

const webhookSecret = z
  .string()
  .regex(/^[\x21-\x7e]{16,255}$/, 'must be 16 to 255 visible ASCII characters')
  .meta({
    description:
      'The secret that signs webhooks between the tracker and Drawbridge. Write-only. Without one, Drawbridge makes it.',
  });

/** What each provider takes; which of them it needs is said by `missingOf`. */
export const secretsSchemas = {
  webhook: z.strictObject({ webhook_secret: webhookSecret.optional() }).meta({
    id: 'ConnectionWebhookSecrets',
    description: 'The secrets of a tracker that takes signed webhooks.',
  }),
  jira: z
    .strictObject({ api_token: token.optional(), webhook_secret: webhookSecret.optional() })
    .meta({ id: 'ConnectionJiraSecrets', description: 'The secrets of a Jira connection.' }),
  servicenow: z
    .strictObject({
      api_token: token.optional().meta({ description: 'The password, or the bearer token. Write-only.' }),
      client_secret: token.optional().meta({ description: 'The client secret for OAuth. Write-only.' }),
      webhook_secret: webhookSecret.optional(),
    })
    .meta({ id: 'ConnectionServiceNowSecrets', description: 'The secrets of a ServiceNow connection.' }),
} as const satisfies Record<ConnectionProvider, z.ZodType>;

export type SecretInput = Partial<Record<SecretName, string | undefined>>;
export type EncryptedSecrets = ConnectionDoc['secrets'];

/** The names of a provider's secrets. */
export const secretsOf = (provider: ConnectionProvider): SecretName[] =>
  secretNames.filter((name) => name in secretsSchemas[provider].shape);

/** Those that go to the tracker, or sign what goes there: they must not follow to another address. */
export const sentSecrets = (provider: ConnectionProvider): SecretName[] =>
  provider === 'webhook' ? ['webhook_secret'] : secretsOf(provider).filter((name) => name !== 'webhook_secret');

/** 256 random bits in 43 characters that any form or header takes. */
export const generateSecret = () => randomBytes(32).toString('base64url');

type Owner = Pick<ConnectionDoc, '_id' | 'org_id'>;

/** Each opens in its own field of its own connection and org, and nowhere else. */
const placeOf = ({ _id, org_id }: Owner, name: SecretName) => ({ org: org_id, record: _id, field: `secrets.${name}` });

/** Those that are given, sealed. */
export function encryptSecrets(cipher: Cipher, owner: Owner, input: SecretInput): Partial<EncryptedSecrets> {
  const given = secretNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]] as const]));
  return Object.fromEntries(given.map(([name, text]) => [name, cipher.encrypt(text, placeOf(owner, name))]));
}

/** All that is sealed in a connection. */
export const encryptedIn = (connection: Owner & Pick<ConnectionDoc, 'secrets'>): EncryptedPart[] =>
  secretNames.flatMap((name) => {
    const encrypted = connection.secrets[name];
    return encrypted === null ? [] : [{ path: `secrets.${name}`, encrypted, place: placeOf(connection, name) }];
  });

/** Whether this is what is stored. What does not open any more counts as something else. */
export function isStored(cipher: Cipher, connection: ConnectionDoc, name: SecretName, text: string): boolean {
  try {
    return openSecret(cipher, connection, name) === text;
  } catch (error) {
    if (error instanceof EncryptionError) return false;
    throw error;
  }
}

/** @returns null where there is none @throws SealError when the key that sealed it is missing: it may come back */
export function openSecret(
  cipher: Pick<Cipher, 'decrypt'>,
  connection: Owner & Pick<ConnectionDoc, 'secrets'>,
  name: SecretName,
): string | null {
  const encrypted = connection.secrets[name];
  return encrypted === null ? null : cipher.decrypt(encrypted, placeOf(connection, name));
}
