import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createProgress } from '../dev/binaries/progress.js';
import { openServers } from '../dev/servers/open.js';
import { findChromium } from './support/chromium.js';
import { endWorkflows, removeDatabases } from './support/external-servers.js';

declare module 'vitest' {
  export interface ProvidedContext {
    mongoUri: string;
    temporalAddress: string;
    /** Which servers are the run's own. The database file and the UI of an external Temporal are unknown: see support/local-servers.ts. */
    embedded: { mongo: boolean; temporal: { dataFile: string; uiUrl: string } | null };
    /** What the names of this run's databases and task queues begin with. */
    runPrefix: string;
  }
}

/** One real Temporal and one real MongoDB a run, or the ones that the environment names; files tell themselves apart by databases and task queues. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Processes of the product are started from dist/, as in production.
  execFileSync(process.execPath, [path.join(import.meta.dirname, '../dev/build.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-test-'));
  const progress = createProgress(process.stdout);
  const [{ mongo, temporal, stop }] = await Promise.all([
    openServers({ env: process.env, folder, progress }),
    // `npm test` needs a browser for certain. One that can't be had fails the files that need it.
    process.env.NEEDS_BROWSER === '1' ? findChromium().catch(() => undefined) : undefined,
  ]);
  progress.close();
  // Test processes inherit this environment, and what they start is told its servers.
  delete process.env.MONGODB_URI;
  delete process.env.TEMPORAL_ADDRESS;
  const runPrefix = `t_${randomBytes(3).toString('hex')}_`;
  project.provide('mongoUri', mongo.uri);
  project.provide('temporalAddress', temporal.address);
  project.provide('embedded', { mongo: mongo.isEmbedded, temporal: temporal.embedded });
  project.provide('runPrefix', runPrefix);
  return async () => {
    if (!mongo.isEmbedded) await removeDatabases(mongo.uri, runPrefix);
    if (!temporal.embedded) await endWorkflows(temporal.address, runPrefix);
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
