import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { ensureMongo, ensureTemporal } from '../../dev/binaries/index.js';
import { startMongo } from '../../dev/stack/mongo.js';
import { prepareNamespace } from '../../dev/stack/namespace.js';
import { startTemporal, type TemporalOptions } from '../../dev/stack/temporal.js';

/** A Temporal on this machine whose database file and UI a test can look at. */
export interface LocalTemporal {
  address: string;
  uiUrl: string;
  dataFile: string;
  close(): Promise<void>;
}

/** A MongoDB on this machine that a test can put a proxy in front of: one member, without TLS and credentials. */
export interface LocalMongo {
  uri: string;
  port: number;
  close(): Promise<void>;
}

/** The run's own Temporal or, where the run uses an external one, another embedded one. */
export async function openLocalTemporal(): Promise<LocalTemporal> {
  const { temporal } = inject('embedded');
  if (!temporal) return startLocalTemporal();
  return { ...temporal, address: inject('temporalAddress'), close: () => Promise.resolve() };
}

/** The run's own MongoDB or, where the run uses an external one, another embedded one. */
export async function openLocalMongo(): Promise<LocalMongo> {
  if (inject('embedded').mongo) {
    const uri = inject('mongoUri');
    return { uri, port: Number(new URL(uri).port), close: () => Promise.resolve() };
  }
  const { folder, remove } = temporaryFolder();
  const server = await startMongo({
    binary: await ensureMongo(),
    dataFolder: path.join(folder, 'mongo'),
    logFile: path.join(folder, 'mongo.log'),
  });
  return { uri: server.uri, port: server.port, close: () => server.stop().then(remove) };
}

/** An embedded Temporal of a file's own. @param dynamicConfig over the embedded server's settings */
export async function startLocalTemporal(dynamicConfig: TemporalOptions['dynamicConfig'] = {}): Promise<LocalTemporal> {
  const { folder, remove } = temporaryFolder();
  const dataFile = path.join(folder, 'temporal.db');
  const server = await startTemporal({
    binary: await ensureTemporal(),
    dataFile,
    logFile: path.join(folder, 'temporal.log'),
    dynamicConfig,
  });
  await prepareNamespace(server.address, 'default');
  return { address: server.address, uiUrl: server.uiUrl, dataFile, close: () => server.stop().then(remove) };
}

function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-local-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
