import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is built. The tests' helpers are among them so that tests can start them as processes of their own. */
export const sourceFolders = ['src', 'workflows', 'activities', 'dev', 'bench', 'test/support', 'test/faults'];

/**
 * Every file below a folder, as paths from `root`; none when there is no such folder.
 * @param {string} root absolute
 * @param {string} folder from `root`
 * @returns {string[]}
 */
export function filesBelow(root, folder) {
  try {
    return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The file's bytes, or undefined when there is none.
 * @param {string} file absolute
 */
export function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Puts a file in place whole: two builds at once, or a start during a build, never see half of one.
 * @param {string} file absolute
 * @param {string | Uint8Array} content
 * @returns {boolean} false when it was already there with this content
 */
export function writeIfChanged(file, content) {
  if (readIfThere(file)?.equals(Buffer.from(content))) return false;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
  return true;
}
