// Sources to dist/, and the workflows to one bundle. `npm run build`; every other script runs it first, so it has to be quick.
import path from 'node:path';
import { bundleWorkflows } from './build/bundle.mjs';
import { transpile } from './build/transpile.mjs';

const root = path.resolve(import.meta.dirname, '..');
const startedAt = Date.now();

try {
  const { written, removed, total } = await transpile(root);
  const bundle = await bundleWorkflows(root);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const changes = `${written} of ${total} files written${removed > 0 ? `, ${removed} removed` : ''}`;
  console.log(`Built dist/ in ${seconds} s (${changes}; workflow bundle: ${bundle}).`);
} catch (error) {
  // esbuild has printed its own errors with file and line; its summary would only repeat them.
  if (!Array.isArray(error?.errors)) console.error(error?.message ?? error);
  console.error('The build failed: dist/ is as it was, or in part newer.');
  process.exit(1);
}
