import { keyId, keyIdOf, SealError, type Cipher } from '../../lib/encryption.js';
import type { SealedRecords } from './records.js';

/** What became of a collection's secrets. */
export interface Resealed {
  name: string;
  /** Sealed with the current key now, and with another one before. */
  resealed: number;
  /** Were so already. */
  current: number;
  /** Were changed by somebody meanwhile: sealed with whatever key that process has. */
  changed: number;
  /** Do not open: ids of their documents. */
  sealed: string[];
}

/**
 * Seals everything anew that a former key has sealed. What is sealed stays the same, so no process has to know; it may run while
 * they do, twice, and be stopped at any time.
 */
export async function reseal(
  records: readonly SealedRecords[],
  { cipher, key }: { cipher: Cipher; key: Buffer },
): Promise<Resealed[]> {
  const current = keyId(key);
  const results: Resealed[] = [];
  for (const collection of records) {
    const result: Resealed = { name: collection.name, resealed: 0, current: 0, changed: 0, sealed: [] };
    for await (const { id, parts } of collection.each()) {
      for (const part of parts) {
        if (keyIdOf(part.sealed) === current) {
          result.current += 1;
          continue;
        }
        const text = opened(cipher, part);
        if (text === null) result.sealed.push(id);
        else if (await collection.replace(id, part, cipher.encrypt(text, part.place))) result.resealed += 1;
        else result.changed += 1;
      }
    }
    results.push(result);
  }
  return results;
}

/** @returns null when it does not open */
function opened(cipher: Cipher, { sealed, place }: Parameters<SealedRecords['replace']>[1]): string | null {
  try {
    return cipher.decrypt(sealed, place);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
