// npm run servers: the embedded servers alone, so that repeated test runs don't start them each time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProgress } from './binaries/progress.js';
import { reasonOf } from './files.js';
import { openServers } from './servers/open.js';
import { choosePort } from './stack/ports.js';
import { missingServers } from './supervisor/findings.js';
import { stopSignal } from './supervisor/signals.js';

/** Preferred ports. They differ from those of `npm start`, and stay the same, so that a terminal's settings outlive a restart. */
const preferred = { mongo: 27117, temporal: 7333, temporalUi: 8333 };

process.umask(0o077);
const progress = createProgress(process.stderr);
const signal = stopSignal((name) => progress.line(`${name}: stopping.`));
const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-servers-'));
try {
  const missing = missingServers(process.env);
  if (!missing.mongo && !missing.temporal)
    throw new Error('MONGODB_URI and TEMPORAL_ADDRESS are set: no server is missing.');
  const taken = new Set<number>();
  const ports = {
    mongo: await choosePort([preferred.mongo], taken),
    temporal: await choosePort([preferred.temporal], taken),
    temporalUi: await choosePort([preferred.temporalUi], taken),
  };
  const { mongo, temporal, stop } = await openServers({ env: process.env, folder, progress, signal, ports });
  progress.close();
  console.log(`export MONGODB_URI='${mongo.uri}'\nexport TEMPORAL_ADDRESS='${temporal.address}'`);
  progress.line(
    [
      '',
      'The servers are ready. Run the two lines above in the terminal that runs the tests.',
      ...(temporal.embedded ? [`Temporal UI: ${temporal.embedded.uiUrl}`] : []),
      'Ctrl-C stops them and removes their data.',
    ].join('\n'),
  );
  await stopped;
  await stop();
} catch (error) {
  progress.close();
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : reasonOf(error));
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit();
