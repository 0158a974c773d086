import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readIfThere, writePrivately } from '../files.js';

const keysSchema = z.object({ ADMIN_API_KEY: z.string().min(24), ENCRYPTION_KEY: z.string().min(1) });
export type Keys = z.infer<typeof keysSchema>;

/**
 * The home's keys, made at the first start and kept.
 * @throws Error when the file is there but cannot be read: a new encryption key would make what is stored unreadable for good
 */
export function loadOrMakeKeys(file: string): Keys {
  const text = readIfThere(file);
  if (text !== undefined) return parse(file, text);
  const keys = {
    ADMIN_API_KEY: `dbadm_${randomBytes(24).toString('base64url')}`,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  writePrivately(file, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

function parse(file: string, text: string): Keys {
  try {
    return keysSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} does not hold ADMIN_API_KEY and ENCRYPTION_KEY any more: restore it, or remove the whole folder to begin anew.`,
    );
  }
}
