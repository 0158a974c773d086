import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureBinaries, ensureMongo, ensureTemporal } from '../binaries/index.js';
import type { MongoBinary } from '../binaries/mongo.js';
import type { Progress } from '../binaries/progress.js';
import { startMongo } from '../stack/mongo.js';
import { prepareOwnNamespace } from '../stack/own-namespace.js';
import { searchAttributes } from '../stack/search-attributes.js';
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
  progress: Progress;
  signal: AbortSignal;
  /** Told of each server as soon as it is supervised: whatever happens next, it has to be stopped. */
  started: (name: 'temporal' | 'mongo', service: Supervised) => void;
}

/** Of the servers that are to be embedded. */
export interface Binaries {
  temporal?: string;
  mongo?: MongoBinary;
}

/**
 * Finds, downloads or builds the servers that nobody has named.
 * @throws NoWayError
 */
export async function findBinaries(
  need: { temporal: boolean; mongo: boolean },
  options: Pick<ServerOptions, 'env' | 'progress' | 'signal'>,
): Promise<Binaries> {
  if (need.temporal && need.mongo) return ensureBinaries(options);
  if (need.temporal) return { temporal: await ensureTemporal(options) };
  return need.mongo ? { mongo: await ensureMongo(options) } : {};
}

/**
 * Starts the servers side by side; ready when workers and API can use them.
 * @throws Error with the end of a server's log
 */
export async function startServers({ temporal, mongo }: Binaries, options: ServerOptions): Promise<void> {
  const results = await Promise.allSettled([
    temporal === undefined ? undefined : superviseTemporal(temporal, options),
    mongo === undefined ? undefined : superviseMongo(mongo, options),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function superviseTemporal(binary: string, options: ServerOptions): Promise<void> {
  const { home, ports, runFile, env, namespace, progress, started } = options;
  const service = await supervise({
    name: 'Temporal',
    report: (line) => progress.line(line),
    start: (stopping) => {
      const signal = AbortSignal.any([stopping, options.signal]);
      return startTemporal({
        ...{ binary, dataFile: home.temporalFile, logFile: home.logFile('temporal'), env, signal },
        ...{ ports: ports.temporal, namespace, searchAttributes },
        onSpawn: (identity) => runFile.child('temporal', identity),
      });
    },
  });
  started('temporal', service);
  if (await prepareOwnNamespace(ports.temporal.http, namespace)) return;
  const { prepareNamespace } = await import('../stack/namespace.js');
  await prepareNamespace(`127.0.0.1:${ports.temporal.grpc}`, namespace);
}

async function superviseMongo(binary: MongoBinary, options: ServerOptions): Promise<void> {
  const { home, ports, runFile, env, progress, started } = options;
  const dataFolder = path.join(home.mongoFolder, binary.kind);
  const other = path.join(home.mongoFolder, binary.kind === 'mongod' ? 'secantus' : 'mongod');
  if (!existsSync(dataFolder) && existsSync(other)) {
    progress.line(
      `MongoDB: ${binary.path} cannot open the former data in ${other}, which stay there; it begins with none.`,
    );
  }
  const service = await supervise({
    name: 'MongoDB',
    report: (line) => progress.line(line),
    start: (stopping) => {
      const signal = AbortSignal.any([stopping, options.signal]);
      return startMongo({
        ...{ binary, dataFolder, logFile: home.logFile('mongo'), port: ports.mongo, env, signal },
        onSpawn: (identity) => runFile.child('mongo', identity),
      });
    },
  });
  started('mongo', service);
}
