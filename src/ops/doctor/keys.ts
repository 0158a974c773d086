import type { Config } from '../../config/index.js';
import { trusted } from '../../db/schema-options.js';
import { encryptedRecords } from '../key-rotation/records.js';
import { keyId, keyIdOf, EncryptionError, type Cipher, type EncryptedPart } from '../../lib/encryption.js';
import { attention, bad, count, few, ok, type Finding } from './finding.js';
import type { Models } from '../../models.js';

const fewLetters = 8;

/** Whether the keys are worth the name. Nothing of them is shown. */
export function checkKeyStrength({ adminApiKey, encryption, production }: Config): Finding[] {
  const weakAdmin = new Set(adminApiKey).size < fewLetters;
  const weakKey = new Set(encryption.key).size < fewLetters;
  const statusOf = production ? bad : attention;
  return [
    weakAdmin
      ? statusOf(
          'keys.admin',
          'ADMIN_API_KEY is long enough, but of a few characters over and over.',
          'Make one: openssl rand -base64 32.',
        )
      : ok('keys.admin', 'ADMIN_API_KEY is long enough.'),
    weakKey
      ? statusOf(
          'keys.encryption',
          'ENCRYPTION_KEY is of a few bytes over and over: whoever guesses it reads every secret.',
          'Make one (openssl rand -base64 32), put the former into ENCRYPTION_KEYS_OLD, start again, and run npm run re-encrypt.',
        )
      : ok('keys.encryption', 'ENCRYPTION_KEY is 32 bytes that look random.'),
  ];
}

type EncryptedModels = Pick<Models, 'connections' | 'approvals' | 'sources' | 'endpoints' | 'idempotency' | 'sessions'>;

/** How much each key is needed for. */
interface Tally {
  /** Secrets that last, by the id of their key. */
  lasting: Map<string, number>;
  /** Gone within a day. */
  passing: Map<string, number>;
  /** Do not open: whose, by their collection. */
  closed: string[];
}

/** Whether what is stored opens, with which key, and which key is needed for nothing any more. */
export async function checkEncrypted(
  models: EncryptedModels,
  { encryption, cipher }: { encryption: Config['encryption']; cipher: Cipher },
): Promise<Finding[]> {
  const tally: Tally = { lasting: new Map(), passing: new Map(), closed: [] };
  for (const collection of encryptedRecords(models)) {
    for await (const { id, parts } of collection.each()) {
      for (const part of parts) {
        add(tally.lasting, keyIdOf(part.encrypted));
        if (!opens(cipher, part)) tally.closed.push(`${collection.name} ${id}`);
      }
    }
  }
  const old = [...new Set(encryption.oldKeys.map(keyId))];
  for (const id of old) {
    const range = trusted({ $gte: `v1.${id}.`, $lt: `v1.${id}/` });
    const [answers, flashes] = await Promise.all([
      models.idempotency.countDocuments({ answer: range }),
      models.sessions.countDocuments({ flash: range }),
    ]);
    tally.passing.set(id, answers + flashes);
  }
  return [stored(tally), ...underOld(tally, keyId(encryption.key), old)];
}

function stored({ lasting, closed }: Tally): Finding {
  const id = 'keys.stored';
  const all = [...lasting.values()].reduce((sum, one) => sum + one, 0);
  if (closed.length === 0) return ok(id, all === 0 ? 'No secret is stored yet.' : `All ${all} stored secrets open.`);
  const owners = [...new Set(closed)];
  return bad(
    id,
    `${closed.length} of ${count(all, 'stored secret')} ${closed.length === 1 ? 'does' : 'do'} not open: ${few(owners)}.`,
    'Put the key that sealed them into ENCRYPTION_KEYS_OLD (a list, with commas) and start API and worker again. If it is lost, set these secrets anew.',
  );
}

function underOld({ lasting, passing }: Tally, current: string, old: readonly string[]): Finding[] {
  const id = 'keys.old';
  if (old.length === 0) return [ok(id, 'ENCRYPTION_KEYS_OLD is empty.')];
  return old.map((key, index) => {
    const which = `The old key ${key} (number ${index + 1} of ENCRYPTION_KEYS_OLD)`;
    if (key === current)
      return attention(id, `${which} is the current one as well.`, 'Take it out of ENCRYPTION_KEYS_OLD.');
    const [needed, soon] = [lasting.get(key) ?? 0, passing.get(key) ?? 0];
    if (needed > 0)
      return attention(
        id,
        `${which} has sealed ${count(needed, 'stored secret')}.`,
        'Run npm run re-encrypt, then this again.',
      );
    if (soon > 0)
      return ok(id, `${which} has sealed ${count(soon, 'kept answer')} to repeated calls: it can go within a day.`);
    return attention(
      id,
      `${which} is needed for nothing any more.`,
      'Take it out of ENCRYPTION_KEYS_OLD, and start API and worker again.',
    );
  });
}

function opens(cipher: Cipher, { encrypted, place }: EncryptedPart): boolean {
  try {
    cipher.decrypt(encrypted, place);
    return true;
  } catch (error) {
    if (error instanceof EncryptionError) return false;
    throw error;
  }
}

const add = (tally: Map<string, number>, key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
