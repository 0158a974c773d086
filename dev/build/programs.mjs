import { build, version as esbuildVersion } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readIfThere, writeIfChanged } from './files.mjs';
import { locationHelpers, moduleLocations, packageLocations } from './locations.mjs';

/**
 * The programs that start often, and what other modules import from them. As some 1,600 modules they take twice as long to load, so
 * each becomes two files: `api.cjs` with our own modules, and `api.packages.cjs` with those of packages, which changes only when
 * packages do. `api.js` loads them, and is the program as everybody knows it.
 */
const programs = [
  { source: 'src/api.ts', exports: ['startApi'] },
  { source: 'src/worker.ts', exports: ['startWorker'] },
  { source: 'dev/start.ts', exports: [] },
];

/** A worker runs workflow code in a thread of its own, which the SDK starts from this file. */
const workflowThread = {
  source: '@temporalio/worker/lib/workflow/workflow-worker-thread.js',
  output: 'dist/src/workflow-thread.cjs',
};

/** Native modules, and packages that mongodb loads when they are installed. */
const external = [
  ...['kerberos', '@mongodb-js/zstd', 'snappy', 'socks', 'gcp-metadata', 'mongodb-client-encryption'],
  ...['@aws-sdk/credential-providers', '@swc/core'],
];

const common = { bundle: true, write: false, format: 'cjs', platform: 'node', target: 'node20', logLevel: 'warning' };

/** @param {string} file from the root */
export const isProgramSource = (file) => programs.some(({ source }) => source === file);

/** @param {string} file from the root */
export const isProgramOutput = (file) =>
  file === workflowThread.output || programs.some(({ source }) => Object.values(outputsOf(source)).includes(file));

/** From the root. */
function outputsOf(source) {
  const name = path.join('dist', source.replace(/\.ts$/, ''));
  return { loader: `${name}.js`, modules: `${name}.cjs`, map: `${name}.cjs.map`, packages: `${name}.packages.cjs` };
}

/**
 * Bundles the programs into dist/.
 * @param {string} root the project
 * @returns {Promise<{ total: number, written: number }>}
 * @throws esbuild's failure (`errors`), already printed
 */
export async function bundlePrograms(root) {
  const present = programs.filter(({ source }) => existsSync(path.join(root, source)));
  const bundles = present.map((program) => bundleProgram(root, program));
  if (present.some(({ source }) => source === 'src/worker.ts')) bundles.push(bundleWorkflowThread(root));
  const outputs = (await Promise.all(bundles)).flat();
  let written = 0;
  for (const [file, content] of outputs) if (writeIfChanged(path.join(root, file), content)) written += 1;
  return { total: outputs.length, written };
}

async function bundleProgram(root, { source, exports }) {
  const { loader, modules, map, packages } = outputsOf(source);
  const packageNames = new Set();
  const packagesFile = `./${path.basename(packages)}`;
  const { outputFiles } = await build({
    ...common,
    entryPoints: [path.join(root, source)],
    absWorkingDir: root,
    outfile: path.join(root, modules),
    external: [packagesFile],
    sourcemap: 'linked',
    // Node reads the map at each start.
    sourcesContent: false,
    banner: { js: locationHelpers(root, modules) },
    plugins: [moduleLocations(root), packagesFrom(packagesFile, packageNames)],
  });
  const contentOf = (file) => outputFiles.find((one) => one.path === path.join(root, file)).contents;
  const entry = [...packageNames].sort().map((name) => `  '${name}': () => require('${name}'),\n`);
  return [
    [loader, loaderOf(modules, exports)],
    [modules, contentOf(modules)],
    [map, contentOf(map)],
    [packages, await bundlePackages(root, packages, `module.exports = {\n${entry.join('')}};\n`)],
  ];
}

async function bundleWorkflowThread(root) {
  const { source, output } = workflowThread;
  return [[output, await bundlePackages(root, output, `require('${source}');\n`)]];
}

/** Node has a compile cache from 22.8 on: it takes another tenth off a start. Where it cannot be written, in an image say, there is none. */
function loaderOf(modules, exports) {
  const cache = path.relative(path.dirname(modules), 'node_modules/.cache/compile');
  return `import module from 'node:module';
import path from 'node:path';

module.enableCompileCache?.(path.join(import.meta.dirname, '${cache}'));
${exports.length > 0 ? `export const { ${exports.join(', ')} } = ` : ''}module.createRequire(import.meta.url)('./${path.basename(modules)}');
`;
}

/**
 * Has modules take packages from a file, which gives them by their names.
 * @param {string} file
 * @param {Set<string>} names those that are taken are added
 */
function packagesFrom(file, names) {
  return {
    name: 'packages-from-file',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path: name }) => {
        if (name.startsWith('node:')) return undefined;
        names.add(name);
        return { path: name, namespace: 'package' };
      });
      onLoad({ filter: /./, namespace: 'package' }, ({ path: name }) => ({
        contents: `module.exports = require('${file}')['${name}']();`,
      }));
    },
  };
}

/**
 * Bundles packages, unless the file is there already.
 * @param {string} root the project
 * @param {string} file the bundle, from the root
 * @param {string} entry the code that requires them
 */
async function bundlePackages(root, file, entry) {
  const stamp = `// ${hashPackages(root, entry)}\n`;
  const present = readIfThere(path.join(root, file));
  if (present?.subarray(0, stamp.length).toString() === stamp) return present;
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: entry, resolveDir: root },
    absWorkingDir: root,
    outfile: path.join(root, file),
    external,
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: `${stamp}${locationHelpers(root, file)}` },
    plugins: [packageLocations(root, { [workflowThread.source]: workflowThread.output })],
  });
  return outputFiles[0].contents;
}

function hashPackages(root, entry) {
  const hash = createHash('sha256').update(`${root}\0${esbuildVersion}\0${entry}\0`);
  const here = (file) => path.join(import.meta.dirname, file);
  const inRoot = (file) => path.join(root, file);
  for (const file of [
    ...[here('programs.mjs'), here('locations.mjs')],
    ...[inRoot('package-lock.json'), inRoot('node_modules/.package-lock.json')],
  ]) {
    hash.update(readIfThere(file) ?? '').update('\0');
  }
  return hash.digest('hex');
}
