import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, readIfThere, sourceFolders, writeIfChanged } from './files.mjs';

/** Besides the sources. The last one says what is installed. */
const otherInputs = [
  'dev/build.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];
const stampFile = (root) => path.join(root, 'dist', 'build.stamp');

/**
 * What the build reads, as one hash over the files' names, sizes and times.
 * @param {string} root the project
 */
export function readSources(root) {
  const files = ['dev/build', ...sourceFolders].flatMap((folder) => filesBelow(root, folder));
  return hashOf(root, [...files, ...otherInputs]);
}

/**
 * Whether dist/ is as the last build has left it, and was built from these sources.
 * @param {string} root the project
 * @param {string} sources see readSources
 */
export function isUpToDate(root, sources) {
  return readIfThere(stampFile(root))?.toString() === stampOf(root, sources);
}

/** Has isUpToDate answer yes until a source or a file in dist/ changes. */
export function rememberBuild(root, sources) {
  writeIfChanged(stampFile(root), stampOf(root, sources));
}

const stampOf = (root, sources) => `${sources} ${hashOf(root, filesBelow(root, 'dist').filter(isBuilt))}\n`;

const isBuilt = (file) => !file.endsWith('.stamp') && !file.endsWith('.tmp');

function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const stats = statSync(path.join(root, file), { throwIfNoEntry: false });
    hash.update(`${file}\0${stats?.size}\0${stats?.mtimeMs}\0`);
  }
  return hash.digest('hex');
}
