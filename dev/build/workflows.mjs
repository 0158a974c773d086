import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { readIfThere, writeIfChanged } from './files.mjs';

/** What goes into the workflows' bundle besides the workflows: the one place for interceptors and converters. */
function bundleOptions(dist) {
  const ifThere = (file) => (existsSync(path.join(dist, file)) ? path.join(dist, file) : undefined);
  return {
    workflowsPath: path.join(dist, 'workflows/index.js'),
    workflowInterceptorModules: [ifThere('workflows/interceptors.js')].filter(Boolean),
    failureConverterPath: ifThere('src/temporal/failure-converter.js'),
    payloadConverterPath: undefined,
  };
}

/**
 * Bundles dist/workflows into dist/workflow-bundle.js, unless nothing that goes into it has changed.
 * @param {string} root the project
 * @returns {Promise<string>} what was done, for people
 * @throws Error with the bundler's own words
 */
export async function bundleWorkflows(root) {
  const dist = path.join(root, 'dist');
  const options = bundleOptions(dist);
  if (!existsSync(options.workflowsPath)) return 'none, workflows/index.ts is not there';

  const bundleFile = path.join(dist, 'workflow-bundle.js');
  const stampFile = path.join(dist, 'workflow-bundle.stamp');
  const inputs = await hashInputs(root, options);
  const present = readIfThere(bundleFile);
  // The stamp names the bundle as well: of two builds at once, the one's stamp never vouches for the other's bundle.
  if (present && readIfThere(stampFile)?.toString() === stamp(inputs, present)) return 'unchanged';

  // Loaded only now: it takes half a second, and most builds have nothing to bundle.
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const messages = [];
  const logger = new DefaultLogger('WARN', (entry) => messages.push(entry.message));
  const { code } = await bundleWorkflowCode({ ...options, logger }).catch((error) => {
    throw new Error(['The workflows cannot be bundled.', ...messages, error.message].join('\n'));
  });
  writeIfChanged(bundleFile, code);
  writeIfChanged(stampFile, stamp(inputs, code));
  return 'made';
}

const stamp = (inputs, bundle) => `${inputs} ${createHash('sha256').update(bundle).digest('hex')}\n`;

/** Every file of ours that the workflows reach, and the packages by the lock file. esbuild finds them in milliseconds. */
async function hashInputs(root, options) {
  const entries = [
    options.workflowsPath,
    ...options.workflowInterceptorModules,
    options.failureConverterPath,
    options.payloadConverterPath,
  ];
  const { metafile } = await build({
    entryPoints: entries.filter(Boolean),
    absWorkingDir: root,
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const files = [
    ...Object.keys(metafile.inputs),
    'package-lock.json',
    path.relative(root, import.meta.filename),
  ].sort();
  const hash = createHash('sha256').update(root).update(JSON.stringify(entries));
  for (const file of files) {
    hash.update(`\0${file}\0`);
    if (existsSync(path.join(root, file))) hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}
