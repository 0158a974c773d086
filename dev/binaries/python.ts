import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../paths.js';
import { ensure, type EnsureOptions } from './index.js';
import { onPath } from './programs.js';
import { run } from './run.js';

/** A program from PyPI. Its packages, all with their versions, are in `dev/python/{name}.txt`. */
export type PythonTool = 'openapi-python-client' | 'schemathesis';

/**
 * The `bin` folder of a virtual environment in the user's cache that has this program; made once for each list of packages.
 * @throws NoWayError without python3, its venv module or a package registry
 */
export function ensurePython(tool: PythonTool, options: EnsureOptions = {}): Promise<string> {
  const requirements = path.join(projectRoot(), 'dev', 'python', `${tool}.txt`);
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folderIn = (cache: string) => path.join(cache, 'python', `${tool}-${hash}`);
  // Written last: a folder without it is half made.
  const doneIn = (cache: string) => path.join(folderIn(cache), 'complete');
  return ensure<string>(
    {
      what: tool,
      quick: [
        {
          name: 'the cache',
          run: ({ cache }) =>
            Promise.resolve(existsSync(doneIn(cache)) ? path.join(folderIn(cache), 'bin') : undefined),
        },
      ],
      slow: [
        {
          name: 'python3 -m venv and pip install',
          run: async ({ env, cache, signal }) => {
            const python = onPath('python3', env);
            if (!python) throw new Error('there is no python3 on PATH');
            const folder = folderIn(cache);
            rmSync(folder, { recursive: true, force: true });
            mkdirSync(folder, { recursive: true });
            const call = (command: string, args: string[]) =>
              run({ command, args, env, cwd: folder, signal, onLine: () => undefined });
            // Says by itself when the module is missing, and what to install.
            await call(python, ['-m', 'venv', folder]);
            const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
            await call(path.join(folder, 'bin', 'pip'), ['install', ...quiet, '--no-deps', '-r', requirements]);
            writeFileSync(doneIn(cache), '');
            return path.join(folder, 'bin');
          },
        },
      ],
      waysOut: ['Python 3.11 or later as `python3`, with its venv module (Debian, Ubuntu: apt install python3-venv)'],
    },
    options,
  );
}
