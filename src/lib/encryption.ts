import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Where a sealed text belongs. It opens nowhere else: not in another org, record or field. */
export interface EncryptedPlace {
  org: string;
  record: string;
  field: string;
}

/** A sealed text that stands in a document. */
export interface EncryptedPart {
  /** Where it stands, as MongoDB names it: `secrets.0.sealed`. */
  path: string;
  encrypted: string;
  place: EncryptedPlace;
}

export interface Cipher {
  /** Seals with the current key: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. */
  encrypt: (text: string, place: EncryptedPlace) => string;
  /**
   * Opens what any known key sealed.
   * @throws SealError when the key is unknown, the text was changed, or it belongs elsewhere
   */
  decrypt: (encrypted: string, place: EncryptedPlace) => string;
}

/** Says why a sealed text does not open; never what is in it. */
export class EncryptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealError';
  }
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a random nonce.
 * @param key 32 bytes, for everything that is sealed from now on
 * @param oldKeys former keys: they open, and never seal
 */
export function createCipher({ key, oldKeys = [] }: { key: Buffer; oldKeys?: readonly Buffer[] }): Cipher {
  const keys = new Map([...oldKeys, key].map((each) => [keyId(each), each]));
  const currentId = keyId(key);
  return {
    encrypt(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additionalData(place));
      const encrypted = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${currentId}.${encrypted.toString('base64url')}`;
    },
    decrypt(encrypted, place) {
      const [version, id = '', data = ''] = encrypted.split('.');
      if (version !== 'v1') throw new EncryptionError('The sealed text has an unknown format.');
      const opener = keys.get(id);
      if (!opener) throw new EncryptionError(`No key ${id.slice(0, 8)}: is it missing from ENCRYPTION_KEYS_OLD?`);
      return open(Buffer.from(data, 'base64url'), opener, place);
    },
  };
}

function open(bytes: Buffer, key: Buffer, place: EncryptedPlace): string {
  if (bytes.length < nonceBytes + tagBytes) throw new EncryptionError('The sealed text is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(additionalData(place))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw new EncryptionError('The sealed text was changed, or it belongs to another record.');
  }
}

/** Of the key that a text was sealed with. */
export const keyIdOf = (encrypted: string): string => encrypted.split('.')[1] ?? '';

/** Enough of a hash to find the key among a few, and too little to say anything about it. */
export const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** JSON keeps the three apart: no choice of names makes two places alike. */
const additionalData = ({ org, record, field }: EncryptedPlace) => Buffer.from(JSON.stringify([org, record, field]));
