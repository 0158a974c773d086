import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureBinaries, ensureMongo, ensureTemporal } from '../binaries/index.js';
import type { MongoBinary } from '../binaries/mongo.js';
import type { Progress } from '../binaries/progress.js';
import { startMongo, type RunningMongo } from '../stack/mongo.js';
import { prepareNamespace } from '../stack/namespace.js';
import { startTemporal } from '../stack/temporal.js';
import type { Home } from './home.js';
import type { Ports } from './ports.js';
import type { RunFile } from './run-file.js';
import { supervise, type Supervised } from './supervise.js';

export interface ServerOptions {
  home: Home;
  ports: Ports;
  runFile: RunFile;
  env: NodeJS.ProcessEnv;
  namespace: string;
  /** Which of them are to be embedded. */
  need: { temporal: boolean; mongo: boolean };
  progress: Progress;
  signal: AbortSignal;
  /** Told of each server as soon as it is supervised: whatever happens next, it has to be stopped. */
  started: (name: 'temporal' | 'mongo', service: Supervised) => void;
}

/**
 * Gets and starts the servers that are missing, side by side.
 * @returns the embedded MongoDB's URI, if there is one
 * @throws NoWayError, or an Error with the end of a server's log
 */
export async function startServers(options: ServerOptions): Promise<{ mongodbUri: string | undefined }> {
  const binaries = await getBinaries(options);
  const results = await Promise.allSettled([
    binaries.temporal === undefined ? undefined : superviseTemporal(binaries.temporal, options),
    binaries.mongo === undefined ? undefined : superviseMongo(binaries.mongo, options),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return { mongodbUri: results[1].status === 'fulfilled' ? results[1].value : undefined };
}

async function getBinaries({
  need,
  env,
  progress,
  signal,
}: ServerOptions): Promise<{ temporal?: string; mongo?: MongoBinary }> {
  const options = { env, progress, signal };
  if (need.temporal && need.mongo) return ensureBinaries(options);
  if (need.temporal) return { temporal: await ensureTemporal(options) };
  return need.mongo ? { mongo: await ensureMongo(options) } : {};
}

async function superviseTemporal(binary: string, options: ServerOptions): Promise<void> {
  const { home, ports, runFile, env, namespace, progress, started } = options;
  let address = '';
  const service = await supervise({
    name: 'Temporal',
    report: (line) => progress.line(line),
    start: async (stopping) => {
      const signal = AbortSignal.any([stopping, options.signal]);
      const server = await startTemporal({
        ...{
          binary,
          dataFile: home.temporalFile,
          logFile: home.logFile('temporal'),
          ports: ports.temporal,
          namespace,
          env,
          signal,
        },
        onSpawn: (identity) => runFile.child('temporal', identity),
      });
      address = server.address;
      return server;
    },
  });
  started('temporal', service);
  await prepareNamespace(address, namespace);
}

async function superviseMongo(binary: MongoBinary, options: ServerOptions): Promise<string> {
  const { home, ports, runFile, env, progress, started } = options;
  const dataFolder = path.join(home.mongoFolder, binary.kind);
  const other = path.join(home.mongoFolder, binary.kind === 'mongod' ? 'secantus' : 'mongod');
  if (!existsSync(dataFolder) && existsSync(other)) {
    progress.line(
      `MongoDB: ${binary.path} cannot open the former data in ${other}, which stay there; it begins with none.`,
    );
  }
  let server: RunningMongo | undefined;
  const service = await supervise({
    name: 'MongoDB',
    report: (line) => progress.line(line),
    start: async (stopping) => {
      const signal = AbortSignal.any([stopping, options.signal]);
      server = await startMongo({
        ...{ binary, dataFolder, logFile: home.logFile('mongo'), port: ports.mongo, env, signal },
        onSpawn: (identity) => runFile.child('mongo', identity),
      });
      return server;
    },
  });
  started('mongo', service);
  return server?.uri ?? '';
}
