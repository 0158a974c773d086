import { createChain } from '../../auth/audit/chain.js';
import { createTrail } from '../../auth/audit/trail.js';
import { ConfigError, loadConfig } from '../../config/index.js';
import { connectMongo } from '../../db/connect.js';
import { createLogger } from '../../observability/logger.js';
import { createCipher } from '../../lib/encryption.js';
import { createModels, type Models } from '../../models.js';
import { encryptedRecords } from './records.js';
import { reEncrypt, type ReEncrypted } from './re-encrypt.js';

/**
 * Seals with ENCRYPTION_KEY what ENCRYPTION_KEYS_OLD have sealed, so that they can go.
 * @returns the exit code: 1 when something does not open, or MongoDB does not answer
 */
export async function runReEncrypt(
  env: NodeJS.ProcessEnv,
  { out, note }: { out: (text: string) => void; note: (text: string) => void },
): Promise<number> {
  try {
    const { mongodbUri, encryption } = loadConfig(env);
    const connection = await connectMongo(mongodbUri, { maxPoolSize: 2 });
    try {
      const models = createModels(connection);
      const cipher = createCipher(encryption);
      const results = await onRecord(models, () =>
        reEncrypt(encryptedRecords(models), { cipher, key: encryption.key }),
      );
      for (const result of results) out(describe(result));
      return results.some(({ undecryptable }) => undecryptable.length > 0) ? 1 : 0;
    } finally {
      await connection.close();
    }
  } catch (error) {
    note(
      error instanceof ConfigError ? error.message : 'MongoDB does not answer, or refused: nothing more was sealed.',
    );
    return 1;
  }
}

/** In the log of what belongs to no org, before the first secret is touched. */
async function onRecord<T>(models: Models, work: () => Promise<T>): Promise<T> {
  const { auditEntries: entries, auditIntents: intents } = models;
  for (const model of [entries, intents]) await model.createIndexes();
  const logger = createLogger('silent');
  const trail = createTrail({ intents, chain: createChain(entries), readSubject: () => Promise.resolve(null), logger });
  const call = {
    orgId: null,
    caller: { kind: 'admin', actor: { id: 'operator', name: 'Operator', via: 'command' } },
    source: { kind: 'command', address: null, requestId: null, session: null },
    rule: { action: 'secrets.reencrypted', subject: '/secrets' },
  } as const;
  const done = await trail.run({ ...call, params: {}, requested: [] }, work, () => ({ outcome: 'succeeded' }));
  await trail.settled();
  return done;
}

function describe({ name, reEncrypted, current, changed, undecryptable }: ReEncrypted): string {
  const more = [
    ...(changed > 0 ? [`${changed} changed meanwhile`] : []),
    ...(undecryptable.length > 0
      ? [`${undecryptable.length} do not open (${[...new Set(undecryptable)].join(', ')})`]
      : []),
  ];
  return `${[`${name}: ${reEncrypted} sealed anew, ${current} were already`, ...more].join('; ')}.`;
}
