import { bundlePrograms } from './programs.mjs';
import { transpile } from './transpile.mjs';
import { bundleWorkflows } from './workflows.mjs';

/**
 * Builds all of dist/.
 * @param {string} root the project
 * @returns {Promise<{ total: number, written: number, removed: number, workflows: string }>} how many files, and what was done
 *   about the workflows' bundle
 * @throws esbuild's failure (`errors`), already printed, or an Error with the workflow bundler's own words
 */
export async function buildDist(root) {
  const transpiled = transpile(root);
  const [modules, workflows, programs] = await Promise.all([
    transpiled,
    transpiled.then(() => bundleWorkflows(root)),
    bundlePrograms(root),
  ]);
  return {
    total: modules.total + programs.total,
    written: modules.written + programs.written,
    removed: modules.removed,
    workflows,
  };
}
