import type { z } from 'zod';
import type { Cipher } from '../../lib/encryption.js';
import type { ConnectionDoc } from './model.js';
import type { createConnectionBody } from './schema.js';
import { generateSecret, encryptSecrets, type SecretInput } from './secrets.js';
import { stringifyJson } from '../../lib/json/index.js';

export type ConnectionInput = z.output<typeof createConnectionBody>;

/**
 * A connection as it begins.
 * @returns with the secret of its webhooks when it was made here; it is stored sealed only
 */
export function newConnection(
  input: ConnectionInput,
  { id, orgId, cipher }: { id: string; orgId: string; cipher: Cipher },
): { connection: ConnectionDoc; webhookSecret: string | undefined } {
  const owner = { _id: id, org_id: orgId };
  const given: SecretInput = input.secrets;
  const webhookSecret = given.webhook_secret === undefined ? generateSecret() : undefined;
  const encrypted = encryptSecrets(cipher, owner, {
    ...given,
    ...(webhookSecret !== undefined && { webhook_secret: webhookSecret }),
  });
  const now = new Date();
  const connection: ConnectionDoc = {
    ...owner,
    provider: input.provider,
    name: input.name,
    settings: input.settings,
    secrets: { api_token: null, client_secret: null, webhook_secret: null, ...encrypted },
    severity_map: input.severity_map ?? {},
    status_map: JSON.stringify(input.status_map ?? {}),
    field_map: stringifyJson('field_map' in input ? (input.field_map ?? {}) : {}),
    default_since: null,
    version: 1,
    ending_at: null,
    deleted_at: null,
    created_at: now,
    updated_at: now,
  };
  return { connection, webhookSecret };
}
