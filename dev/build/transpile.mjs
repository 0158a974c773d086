import { build } from 'esbuild';
import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, sourceFolders, writeIfChanged } from './files.mjs';
import { isProgramOutput, isProgramSource } from './programs.mjs';

const isSource = (file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts');
/** What pages and fixtures load at run time: style sheets, scripts for the browser, pictures, JSON. */
const isAsset = (file) => /\.(css|js|json|svg|png|ico|html|txt)$/.test(file);
/** A half-written file of a build that was killed; those of one that still runs are younger. */
const abandonedAfterMs = 60_000;

/**
 * Each source to its place in dist/, with a source map, but for the programs'; types are `npm run types`' business.
 * @param {string} root the project
 * @returns {Promise<{ total: number, written: number, removed: number }>}
 * @throws esbuild's failure (`errors`), already printed
 */
export async function transpile(root) {
  const files = sourceFolders.flatMap((folder) => filesBelow(root, folder));
  const sources = files.filter((file) => isSource(file) && !isProgramSource(file));
  const result = await build({
    entryPoints: sources.map((file) => path.join(root, file)),
    absWorkingDir: root,
    outbase: root,
    outdir: path.join(root, 'dist'),
    bundle: false,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  const outputs = new Map(result.outputFiles.map((file) => [file.path, file.contents]));
  for (const file of files.filter(isAsset))
    outputs.set(path.join(root, 'dist', file), readFileSync(path.join(root, file)));

  let written = 0;
  for (const [file, content] of outputs) if (writeIfChanged(file, content)) written += 1;
  return { total: outputs.size, written, removed: removeStale(root, outputs) };
}

/** A module whose source is gone must not be found any more. The programs and what lies in dist/ itself (the workflows' bundle) are not ours. */
function removeStale(root, outputs) {
  const dist = path.join(root, 'dist');
  const stale = filesBelow(root, 'dist')
    .filter((file) => !isProgramOutput(file))
    .map((file) => path.join(root, file))
    .filter((file) => path.dirname(file) !== dist && !outputs.has(file) && !(file.endsWith('.tmp') && isYoung(file)));
  for (const file of stale) rmSync(file, { force: true });
  return stale.length;
}

function isYoung(file) {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < abandonedAfterMs;
}
