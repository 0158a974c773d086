import { randomBytes } from 'node:crypto';
import { EncryptionError, type Cipher, type EncryptedPart } from '../../lib/encryption.js';
import type { EndpointDoc, HeaderDoc, SecretDoc } from './model.js';

type Owner = Pick<EndpointDoc, '_id' | 'org_id'>;

/** As Standard Webhooks writes it: 256 random bits. */
export const generateSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Each opens in its own field of its own endpoint and org, and nowhere else. */
const secretPlace = ({ _id, org_id }: Owner, id: string) => ({ org: org_id, record: _id, field: `secrets.${id}` });
const headerPlace = ({ _id, org_id }: Owner, name: string) => ({
  org: org_id,
  record: _id,
  field: `headers.${name.toLowerCase()}`,
});

/** A secret as it is stored. @param id its own, which its seal is bound to */
export const encryptSecret = (cipher: Cipher, owner: Owner, id: string, text: string, at: Date): SecretDoc => ({
  id,
  sealed: cipher.encrypt(text, secretPlace(owner, id)),
  created_at: at,
  expires_at: null,
});

export const encryptHeader = (cipher: Cipher, owner: Owner, { name, value }: { name: string; value: string }) => ({
  name,
  sealed: cipher.encrypt(value, headerPlace(owner, name)),
});

/** All that is sealed in an endpoint. */
export const encryptedIn = (endpoint: Owner & Pick<EndpointDoc, 'secrets' | 'headers'>): EncryptedPart[] => [
  ...endpoint.secrets.map(({ id, sealed }, index) => ({
    ...{ path: `secrets.${index}.sealed`, encrypted: sealed },
    place: secretPlace(endpoint, id),
  })),
  ...endpoint.headers.map(({ name, sealed }, index) => ({
    ...{ path: `headers.${index}.sealed`, encrypted: sealed },
    place: headerPlace(endpoint, name),
  })),
];

/** Whether this is the value that is stored. What does not open any more counts as another. */
export function isStoredValue(cipher: Cipher, owner: Owner, { name, sealed }: HeaderDoc, value: string): boolean {
  try {
    return cipher.decrypt(sealed, headerPlace(owner, name)) === value;
  } catch (error) {
    if (error instanceof EncryptionError) return false;
    throw error;
  }
}

/**
 * What a message to this endpoint is signed with at this time: the newest first, and during an overlap the one before.
 * Let go of them when it is signed.
 * @throws SealError when the key that sealed them is missing: it may come back
 */
export function signingSecrets(
  endpoint: Owner & Pick<EndpointDoc, 'secrets'>,
  cipher: Pick<Cipher, 'decrypt'>,
  at: Date,
): string[] {
  return endpoint.secrets
    .filter(({ expires_at }) => expires_at === null || expires_at > at)
    .map(({ id, sealed }) => cipher.decrypt(sealed, secretPlace(endpoint, id)));
}

/**
 * The custom headers of a call to this endpoint, by their names as they were written.
 * @throws SealError when the key that sealed them is missing: it may come back
 */
export function openHeaders(
  endpoint: Owner & Pick<EndpointDoc, 'headers'>,
  cipher: Pick<Cipher, 'decrypt'>,
): Record<string, string> {
  return Object.fromEntries(
    endpoint.headers.map(({ name, sealed }) => [name, cipher.decrypt(sealed, headerPlace(endpoint, name))]),
  );
}
