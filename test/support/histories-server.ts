import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureTemporal } from '../../dev/binaries/index.js';
import { prepareNamespace } from '../../dev/stack/namespace.js';
import { startTemporal } from '../../dev/stack/temporal.js';

/** A Temporal of one's own that suggests a new run after a few dozen events instead of four thousand. */
export async function startShortHistoryServer(
  suggestAfterEvents: number,
): Promise<{ address: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-short-'));
  const server = await startTemporal({
    binary: await ensureTemporal(),
    dataFile: path.join(folder, 'temporal.db'),
    logFile: path.join(folder, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': suggestAfterEvents },
  });
  await prepareNamespace(server.address, 'default');
  return {
    address: server.address,
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
