import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { filesBelow } from '../build/files.mjs';

/**
 * Remembers which checks have passed, by the content of all that they read: the project's files, the lock file and Node's
 * version. A fresh clone of a tree that was checked before need not check it again. One changed byte runs every check.
 * @param {string} root the project's folder, absolute
 * @param {NodeJS.ProcessEnv} env XDG_CACHE_HOME and HOME say where the record is
 * @returns {{ has: (name: string) => boolean, add: (name: string) => void }}
 */
export function openPassedChecks(root, env = process.env) {
  const base = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : undefined;
  const folder = path.join(base ?? path.join(env.HOME ?? homedir(), '.cache'), 'drawbridge', 'checks');
  const content = hashOf(root);
  const fileOf = (name) => path.join(folder, `${content}-${name.replaceAll(' ', '-')}`);
  return {
    has: (name) => existsSync(fileOf(name)),
    add(name) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(name), '');
    },
  };
}

/** At the top. */
const ignored = new Set(['.git', 'node_modules', 'dist', '.drawbridge', 'coverage']);

function hashOf(root) {
  const hash = createHash('sha256').update(process.version);
  for (const file of filesOf(root)) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** @returns {string[]} paths from the root, in one order on all machines */
function filesOf(root) {
  const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !ignored.has(name));
  return entries
    .flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(root, entry.name);
      return entry.isFile() ? [entry.name] : [];
    })
    .sort();
}
