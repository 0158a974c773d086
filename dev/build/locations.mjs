import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

// In a bundle every module has the bundle's own location. These give each its former one back, so that it finds the files beside it.

/**
 * What `moduleLocations` and `packageLocations` put into modules: for the top of a bundle.
 * @param {string} root the project
 * @param {string} bundle from the root
 */
export function locationHelpers(root, bundle) {
  const toRoot = path.relative(path.dirname(path.join(root, bundle)), root);
  return [
    `const __located = (file) => require('node:path').join(__dirname, '${toRoot}', file);`,
    `const __urlOf = (file) => require('node:url').pathToFileURL(__located(file)).href;`,
  ].join('\n');
}

const located = (file) => `__located('${file}')`;

/** For our own modules: as if they were where the build puts them one by one. */
export function moduleLocations(root) {
  return {
    name: 'module-locations',
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
        const here = path.join('dist', path.relative(root, file)).replace(/\.tsx?$/, '.js');
        const contents = readFileSync(file, 'utf8')
          .replaceAll('import.meta.url', `__urlOf('${here}')`)
          .replaceAll('import.meta.dirname', located(path.dirname(here)))
          .replaceAll('import.meta.filename', located(here));
        return { contents, loader: path.extname(file).slice(1) };
      });
    },
  };
}

/**
 * For modules of packages.
 * @param {string} root the project
 * @param {Record<string, string>} moved files of packages, by their names there, that are now elsewhere in the project
 */
export function packageLocations(root, moved) {
  const packages = realpathSync(path.join(root, 'node_modules'));
  return {
    name: 'package-locations',
    setup({ onLoad }) {
      // Only the build bundles workflows, and this part of the SDK would load webpack.
      onLoad({ filter: /@temporalio\/worker\/lib\/workflow\/bundler\.js$/ }, () => ({
        contents: 'exports.defaultWorkflowInterceptorModules = [];',
      }));
      onLoad({ filter: /\.c?js$/ }, ({ path: file }) => {
        const text = readFileSync(file, 'utf8');
        if (!/\b(__dirname|__filename|require\.resolve)\b/.test(text)) return undefined;
        const folder = path.relative(packages, path.dirname(file));
        const place = (name) => located(moved[`${name}.js`] ?? path.join('node_modules', name));
        const contents = text
          .replaceAll(
            /\brequire\.resolve\('(\..*?)'\)/g,
            (_, name) => `require.resolve(${place(path.join(folder, name))})`,
          )
          .replaceAll(/\b__dirname\b/g, () => place(folder))
          .replaceAll(/\b__filename\b/g, () => place(path.join(folder, path.basename(file))));
        return { contents, loader: 'js' };
      });
    },
  };
}
