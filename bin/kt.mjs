#!/usr/bin/env node
// `npx kt` in the checkout: builds what is missing or older than its source, and runs it.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const main = path.join(root, 'dist/src/cli/main.js');
/** Its time is that of the last build from here; what did not change is not written again, and stays old. */
const stamp = path.join(root, 'dist/kt.stamp');
/** kt shares modules with the product. */
const sources = path.join(root, 'src');

if (isStale()) await build();
await import(main);

function isStale() {
  if (!existsSync(main) || !existsSync(stamp)) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return newest(sources) > builtAt;
}

/** The time of the newest file of a folder, folders included: they tell of files that are gone. */
function newest(entry) {
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(entry).map((name) => newest(path.join(entry, name))));
}

async function build() {
  const startedAt = new Date();
  try {
    const { transpile } = await import('../dev/build/transpile.mjs');
    await transpile(root);
    writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  } catch (error) {
    const isNotInstalled = error?.code === 'ERR_MODULE_NOT_FOUND';
    const why = isNotInstalled ? 'esbuild is not installed: run `npm ci`' : 'the sources do not build';
    console.error(`kt: ${why}${existsSync(main) ? '; this is what was built before.' : '.'}`);
    if (!existsSync(main)) process.exit(1);
  }
}
