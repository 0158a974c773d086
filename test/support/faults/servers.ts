import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureMongo, ensureTemporal } from '../../../dev/binaries/index.js';
import { startMongo } from '../../../dev/stack/mongo.js';
import { prepareNamespace } from '../../../dev/stack/namespace.js';
import { startTemporal } from '../../../dev/stack/temporal.js';

/** A server of a file's own, for it to be killed. */
export interface Mortal {
  /** TEMPORAL_ADDRESS or the server's URI. */
  readonly address: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Again, on the same data and ports. @returns how long it took to be ready, in ms */
  restart(): Promise<number>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

interface Started {
  kill(): Promise<unknown>;
}

async function mortal<T extends Started>(
  addressOf: (server: T) => string,
  start: (folder: string, former: T | undefined) => Promise<T>,
): Promise<Mortal> {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-mortal-'));
  let server = await start(folder, undefined);
  return {
    address: addressOf(server),
    async kill() {
      await server.kill();
    },
    async restart() {
      const startedAt = Date.now();
      server = await start(folder, server);
      return Date.now() - startedAt;
    },
    async close() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function startMortalTemporal(): Promise<Mortal> {
  const binary = await ensureTemporal();
  const temporal = await mortal<Awaited<ReturnType<typeof startTemporal>>>(
    ({ address }) => address,
    (folder, former) =>
      startTemporal({
        binary,
        dataFile: path.join(folder, 'temporal.db'),
        logFile: path.join(folder, 'temporal.log'),
        ...(former ? { ports: former.ports } : {}),
      }),
  );
  await prepareNamespace(temporal.address, 'default');
  return temporal;
}

export async function startMortalMongo(): Promise<Mortal> {
  const binary = await ensureMongo();
  return mortal<Awaited<ReturnType<typeof startMongo>>>(
    ({ uri }) => uri,
    (folder, former) =>
      startMongo({
        binary,
        dataFolder: path.join(folder, 'mongo'),
        logFile: path.join(folder, 'mongo.log'),
        port: former?.port,
      }),
  );
}
