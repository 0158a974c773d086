import path from 'node:path';
import { download } from './download.js';
import { goReader } from './build-output.js';
import { inCache, onPath, putIntoCache, withWorkFolder } from './programs.js';
import { run } from './run.js';
import type { Step } from './steps.js';
import { askVersion, temporalProblem } from './version.js';

const cliVersion = '1.5.1';
const builtLabel = `temporal-${cliVersion}`;
const downloadedLabel = 'temporal-sdk';

/** Without symbols and debug information, which nobody reads. */
const quickBuild = ['-ldflags=-s -w', '-gcflags=all=-dwarf=false'];
/** For the compiler's own processes, each of which lives for seconds: without it they collect garbage for a fifth of their time. */
const rareCollections = { GOGC: 'off', GOMEMLIMIT: '1500MiB' };

/** In this order. The quick ones look only; the slow ones fetch, into the cache. */
export const temporalSteps: { what: string; quick: Step<string>[]; slow: Step<string>[]; waysOut: string[] } = {
  what: 'Temporal',
  quick: [
    { name: 'temporal on PATH', run: ({ env }) => checked(onPath('temporal', env)) },
    {
      name: 'the cache',
      run: ({ cache }) =>
        Promise.resolve(inCache(cache, builtLabel, 'temporal') ?? inCache(cache, downloadedLabel, 'temporal')),
    },
  ],
  slow: [
    {
      name: "the Temporal SDK's download",
      run: async ({ env, cache, progress, signal }) => {
        const step = progress.begin('Temporal', 'downloading');
        try {
          return await withWorkFolder(cache, downloadedLabel, async (folder) => {
            const program = await download({ script: 'dev/binaries/fetch-temporal.mjs', folder, env, signal, step });
            await checked(program);
            return putIntoCache(program, cache, downloadedLabel, 'temporal');
          });
        } finally {
          step.end();
        }
      },
    },
    {
      name: `go install (temporal ${cliVersion}, 2 to 3 minutes)`,
      run: async ({ env, cache, progress, signal }) => {
        const go = onPath('go', env);
        if (!go) throw new Error('there is no go on PATH');
        progress.line(`Temporal: building the CLI ${cliVersion} with go install; this takes 2 to 3 minutes, once.`);
        const step = progress.begin('Temporal', 'go install');
        try {
          return await withWorkFolder(cache, builtLabel, async (folder) => {
            const read = goReader();
            await run({
              command: go,
              args: ['install', '-v', ...quickBuild, `github.com/temporalio/cli/cmd/temporal@v${cliVersion}`],
              env: { ...env, ...rareCollections, GOBIN: folder },
              cwd: folder,
              signal,
              onLine: (line) => {
                const state = read(line);
                if (state) step.update(state);
              },
            });
            return putIntoCache(path.join(folder, 'temporal'), cache, builtLabel, 'temporal');
          });
        } finally {
          step.end();
        }
      },
    },
  ],
  waysOut: [
    'install the Temporal CLI, so that `temporal` is on PATH',
    'install Go, so that npm start can build it',
    '`docker compose up -d`, or any Temporal server, and its address in TEMPORAL_ADDRESS',
  ],
};

async function checked(program: string | undefined): Promise<string | undefined> {
  if (program === undefined) return undefined;
  const problem = temporalProblem(await askVersion(program));
  if (problem) throw new Error(`${program} ${problem}`);
  return program;
}
