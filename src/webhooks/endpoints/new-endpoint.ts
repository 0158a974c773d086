import type { z } from 'zod';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc, SecretDoc } from './model.js';
import { partitionOf } from './partition.js';
import type { createEndpointBody } from './schema.js';
import { encryptHeader } from './secrets.js';

export type EndpointInput = z.output<typeof createEndpointBody>;

interface NewEndpoint {
  id: string;
  orgId: string;
  secret: SecretDoc;
  at: Date;
  cipher: Cipher;
}

/** An endpoint as it begins. */
export function newEndpoint(
  { url, events, description, headers = [], rate_limit_per_second, ordered, enabled }: EndpointInput,
  { id, orgId, secret, at, cipher }: NewEndpoint,
): Omit<EndpointDoc, 'slot'> {
  const owner = { _id: id, org_id: orgId };
  return {
    ...owner,
    url,
    events,
    description,
    headers: headers.map((header) => encryptHeader(cipher, owner, header)),
    rate_limit_per_second,
    ordered,
    enabled,
    disabled_reason: null,
    disabled_at: enabled ? null : at,
    secrets: [secret],
    version: 1,
    partition: partitionOf(id),
    created_at: at,
    updated_at: at,
  };
}
