// Sources to dist/. `npm run build`; every other script runs it first, so it has to be quick.
import path from 'node:path';
import { isUpToDate, readSources, rememberBuild } from './build/up-to-date.mjs';

const root = path.resolve(import.meta.dirname, '..');
const startedAt = Date.now();

try {
  // Read before the build: what changes while it runs is built by the next one.
  const sources = readSources(root);
  if (isUpToDate(root, sources)) {
    console.log('dist/ is up to date.');
  } else {
    // Loaded only when there is something to build.
    const { buildDist } = await import('./build/dist.mjs');
    const { written, removed, total, workflows } = await buildDist(root);
    rememberBuild(root, sources);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const changes = `${written} of ${total} files written${removed > 0 ? `, ${removed} removed` : ''}`;
    console.log(`Built dist/ in ${seconds} s (${changes}; workflow bundle: ${workflows}).`);
  }
} catch (error) {
  // esbuild has printed its own errors with file and line; its summary would only repeat them.
  if (!Array.isArray(error?.errors)) console.error(error?.message ?? error);
  console.error('The build failed: dist/ is as it was, or in part newer.');
  process.exit(1);
}
