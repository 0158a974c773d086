import { invalidSignature, providerNotConfigured } from '../../http/problem.js';
import { verifySignature } from '../../lib/signature.js';

export interface SignedBy {
  secret: string | null | undefined;
  /** What holds the secret: an environment key, or a connection's secret. */
  secretName: string;
  /** As people write it: `X-Signature`. */
  headerName: string;
}

/** @throws Problem 503 without a secret, 401 unless the signature is that of these very bytes */
export function requireSignature(rawBody: Buffer, signature: string | undefined, signedBy: SignedBy): void {
  const { secret, secretName, headerName } = signedBy;
  if (secret === undefined || secret === null || secret === '') {
    throw providerNotConfigured(`Inbound ticket webhooks need ${secretName}.`, [secretName]);
  }
  if (verifySignature(rawBody, signature, secret)) return;
  throw invalidSignature(
    `${headerName} must be \`sha256=\` and the hex HMAC-SHA256 of the raw body with ${secretName}.`,
  );
}
