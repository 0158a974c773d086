import { EncryptionError, type Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import { openHeaders, signingSecrets } from '../endpoints/secrets.js';

/** An endpoint, opened for sending: it holds secrets in clear and stays in memory. */
export interface Target {
  id: string;
  orgId: string;
  version: number;
  url: string;
  enabled: boolean;
  ordered: boolean;
  ratePerSecond: number | null;
  /** Null when the key that sealed them is missing: nothing can be sent until it is back. */
  opened: { headers: Record<string, string>; secrets: string[] } | null;
  /** When the older secret stops signing, in milliseconds; null while there is one only. */
  secretsUntil: number | null;
}

/** @throws nothing: what does not open is not opened */
export function openTarget(endpoint: EndpointDoc, cipher: Pick<Cipher, 'decrypt'>, at: Date): Target {
  const ends = endpoint.secrets.flatMap(({ expires_at }) => (expires_at && expires_at > at ? [+expires_at] : []));
  return {
    id: endpoint._id,
    orgId: endpoint.org_id,
    version: endpoint.version,
    url: endpoint.url,
    enabled: endpoint.enabled,
    ordered: endpoint.ordered,
    ratePerSecond: endpoint.rate_limit_per_second,
    opened: opened(endpoint, cipher, at),
    secretsUntil: ends.length === 0 ? null : Math.min(...ends),
  };
}

function opened(endpoint: EndpointDoc, cipher: Pick<Cipher, 'decrypt'>, at: Date): Target['opened'] {
  try {
    const headers = openHeaders(endpoint, cipher);
    const namesAgent = Object.keys(headers).some((name) => name.toLowerCase() === 'user-agent');
    return {
      headers: namesAgent ? headers : { 'user-agent': 'Drawbridge', ...headers },
      secrets: signingSecrets(endpoint, cipher, at),
    };
  } catch (error) {
    if (error instanceof EncryptionError) return null;
    throw error;
  }
}
