import { keyId, keyIdOf, EncryptionError, type Cipher } from '../../lib/encryption.js';
import type { EncryptedRecords } from './records.js';

/** What became of a collection's secrets. */
export interface ReEncrypted {
  name: string;
  /** Sealed with the current key now, and with another one before. */
  reEncrypted: number;
  /** Were so already. */
  current: number;
  /** Were changed by somebody meanwhile: sealed with whatever key that process has. */
  changed: number;
  /** Do not open: ids of their documents. */
  undecryptable: string[];
}

/**
 * Seals everything anew that a former key has sealed. What is sealed stays the same, so no process has to know; it may run while
 * they do, twice, and be stopped at any time.
 */
export async function reEncrypt(
  records: readonly EncryptedRecords[],
  { cipher, key }: { cipher: Cipher; key: Buffer },
): Promise<ReEncrypted[]> {
  const current = keyId(key);
  const results: ReEncrypted[] = [];
  for (const collection of records) {
    const result: ReEncrypted = { name: collection.name, reEncrypted: 0, current: 0, changed: 0, undecryptable: [] };
    for await (const { id, parts } of collection.each()) {
      for (const part of parts) {
        if (keyIdOf(part.encrypted) === current) {
          result.current += 1;
          continue;
        }
        const text = opened(cipher, part);
        if (text === null) result.undecryptable.push(id);
        else if (await collection.replace(id, part, cipher.encrypt(text, part.place))) result.reEncrypted += 1;
        else result.changed += 1;
      }
    }
    results.push(result);
  }
  return results;
}

/** @returns null when it does not open */
function opened(cipher: Cipher, { encrypted, place }: Parameters<EncryptedRecords['replace']>[1]): string | null {
  try {
    return cipher.decrypt(encrypted, place);
  } catch (error) {
    if (error instanceof EncryptionError) return null;
    throw error;
  }
}
