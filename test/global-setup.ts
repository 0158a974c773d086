import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureBinaries } from '../dev/binaries/index.js';
import { createProgress } from '../dev/binaries/progress.js';
import { startMongo } from '../dev/stack/mongo.js';
import { prepareNamespace } from '../dev/stack/namespace.js';
import { startTemporal } from '../dev/stack/temporal.js';

declare module 'vitest' {
  export interface ProvidedContext {
    mongoUri: string;
    temporalAddress: string;
    temporalUiUrl: string;
    /** Temporal's database file, for the search for what must not be in it. */
    temporalDataFile: string;
  }
}

/** One real Temporal and one real MongoDB a run; files tell themselves apart by databases and task queues. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Processes of the product are started from dist/, as in production.
  execFileSync(process.execPath, [path.join(import.meta.dirname, '../dev/build.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-test-'));
  const progress = createProgress(process.stdout);
  const binaries = await ensureBinaries({ progress });
  progress.close();
  const dataFile = path.join(folder, 'temporal.db');
  const [temporal, mongo] = await Promise.all([
    startTemporal({ binary: binaries.temporal, dataFile, logFile: path.join(folder, 'temporal.log') }),
    startMongo({
      binary: binaries.mongo,
      dataFolder: path.join(folder, 'mongo'),
      logFile: path.join(folder, 'mongo.log'),
    }),
  ]);
  await prepareNamespace(temporal.address, 'default');
  project.provide('mongoUri', mongo.uri);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalUiUrl', temporal.uiUrl);
  project.provide('temporalDataFile', dataFile);
  return async () => {
    await Promise.all([temporal.stop(), mongo.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}
