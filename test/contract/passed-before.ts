import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, projectRoot } from '../../dev/paths.js';

/**
 * Runs a check that takes seconds of CPU, unless it has passed before on the same content with the same packages.
 * `npm test` does the same with types and lint (dev/test/passed-checks.mjs).
 * @param check throws when it fails
 */
export async function unlessPassedBefore(name: string, content: string, check: () => Promise<void>): Promise<void> {
  const lock = readFileSync(path.join(projectRoot(), 'package-lock.json'));
  const hash = createHash('sha256').update(process.version).update(lock).update('\0').update(content).digest('hex');
  const file = path.join(cacheFolder(process.env), 'checks', `${hash}-${name}`);
  if (existsSync(file)) return;
  await check();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
}
