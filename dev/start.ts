// npm start: Drawbridge with all that it needs, in one process to start and to stop.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createProgress } from './binaries/progress.js';
import { reasonOf } from './files.js';
import { projectRoot } from './paths.js';
import { programArgs } from './stack/program.js';
import { runDrawbridge } from './supervisor/main.js';
import { stopSignal } from './supervisor/signals.js';

const root = projectRoot();
const envFile = path.join(root, '.env');
if (existsSync(envFile)) process.loadEnvFile(envFile);
// The servers' data and logs as well: nothing that is made below is for other users.
process.umask(0o077);

const progress = createProgress(process.stdout);
const signal = stopSignal((name) => progress.line(`${name}: stopping.`));
const script = (file: string) => ({
  command: process.execPath,
  args: [...programArgs, path.join(root, 'dist', 'src', file)],
});

async function start(): Promise<void> {
  try {
    await runDrawbridge({
      root,
      env: process.env,
      apps: { api: script('api.js'), worker: script('worker.js') },
      progress,
      isTerminal: process.stdout.isTTY,
      signal,
    });
    progress.line('Drawbridge is stopped.');
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : reasonOf(error));
    process.exit(1);
  }
}

void start();
