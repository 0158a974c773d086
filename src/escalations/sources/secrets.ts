import { randomBytes } from 'node:crypto';
import { EncryptionError, type Cipher, type EncryptedPart } from '../../lib/encryption.js';
import type { SourceDoc } from './model.js';

/** Opens in its own source and org, and nowhere else. */
const placeOf = (org: string, record: string) => ({ org, record, field: 'secret' });

/** 256 random bits in 43 characters that any form or header takes. */
export const generateSecret = () => randomBytes(32).toString('base64url');

export const encryptSecret = (cipher: Cipher, orgId: string, sourceId: string, secret: string) =>
  cipher.encrypt(secret, placeOf(orgId, sourceId));

/** All that is sealed in a source. */
export const encryptedIn = ({ _id, org_id, secret }: Pick<SourceDoc, '_id' | 'org_id' | 'secret'>): EncryptedPart[] => [
  { path: 'secret', encrypted: secret, place: placeOf(org_id, _id) },
];

/** @returns null when it does not open: the key that sealed it may come back */
export function openSecret(cipher: Cipher, { _id, org_id, secret }: SourceDoc): string | null {
  try {
    return cipher.decrypt(secret, placeOf(org_id, _id));
  } catch (error) {
    if (error instanceof EncryptionError) return null;
    throw error;
  }
}
