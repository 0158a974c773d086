import path from 'node:path';
import mongoose from 'mongoose';
import { ensureMongo, ensureTemporal } from '../binaries/index.js';
import type { Progress } from '../binaries/progress.js';
import { reasonOf } from '../files.js';
import { startMongo } from '../stack/mongo.js';
import { prepareNamespace } from '../stack/namespace.js';
import { startTemporal } from '../stack/temporal.js';
import { setting } from '../supervisor/environment.js';

export interface OpenServersOptions {
  /** MONGODB_URI and TEMPORAL_ADDRESS name external servers. */
  env: NodeJS.ProcessEnv;
  /** Where embedded servers keep their data and logs; absolute. */
  folder: string;
  progress: Progress;
  /** Aborting ends builds, downloads and starts. */
  signal?: AbortSignal;
  /** Ports of embedded servers; free ones when unset. */
  ports?: { mongo: number; temporal: number; temporalUi: number };
  /** How long an external server may take to answer; 5 s by default. */
  answerWithinMs?: number;
}

export interface Servers {
  mongo: { uri: string; isEmbedded: boolean };
  /** `embedded` is null for an external server, whose database file and UI are unknown. */
  temporal: { address: string; embedded: { dataFile: string; uiUrl: string } | null };
  /** Stops the embedded servers. */
  stop: () => Promise<void>;
}

/**
 * Opens the two servers that tests need: external ones where the environment names them, embedded ones otherwise. An external Temporal is
 * used without TLS; its namespace `default` gets the search attributes that are missing, and is otherwise left as it is.
 * @throws NoWayError when a server can't be found, downloaded or built; Error with the end of a server's log, or when an external one
 *   doesn't answer
 */
export async function openServers(options: OpenServersOptions): Promise<Servers> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const [mongo, temporal] = await Promise.all([openMongo(options, signal), openTemporal(options, signal)]);
    return {
      mongo,
      temporal,
      stop: async () => {
        await Promise.all([mongo.stop?.(), temporal.stop?.()]);
      },
    };
  } catch (error) {
    // A build of the other server would go on for minutes.
    failed.abort(error);
    throw error;
  }
}

async function openMongo(
  { env, folder, progress, ports, answerWithinMs = 5_000 }: OpenServersOptions,
  signal: AbortSignal,
) {
  const external = setting(env, 'MONGODB_URI');
  if (external !== undefined) {
    await named('MONGODB_URI', ping(external, answerWithinMs));
    return { uri: external, isEmbedded: false };
  }
  const server = await startMongo({
    binary: await ensureMongo({ env, progress, signal }),
    dataFolder: path.join(folder, 'mongo'),
    logFile: path.join(folder, 'mongo.log'),
    port: ports?.mongo,
    signal,
  });
  return { uri: server.uri, isEmbedded: true, stop: () => server.stop() };
}

async function openTemporal(
  { env, folder, progress, ports, answerWithinMs = 5_000 }: OpenServersOptions,
  signal: AbortSignal,
) {
  const external = setting(env, 'TEMPORAL_ADDRESS');
  if (external !== undefined) {
    const connection = { connectTimeout: answerWithinMs };
    await named('TEMPORAL_ADDRESS', prepareNamespace(external, 'default', { retentionDays: null, connection }));
    return { address: external, embedded: null };
  }
  const dataFile = path.join(folder, 'temporal.db');
  const server = await startTemporal({
    binary: await ensureTemporal({ env, progress, signal }),
    dataFile,
    logFile: path.join(folder, 'temporal.log'),
    ports: ports ? { grpc: ports.temporal, ui: ports.temporalUi } : {},
    signal,
  });
  await prepareNamespace(server.address, 'default');
  return { address: server.address, embedded: { dataFile, uiUrl: server.uiUrl }, stop: () => server.stop() };
}

async function ping(uri: string, serverSelectionTimeoutMS: number): Promise<void> {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}

/** The error of a server that the environment names says which setting names it. */
async function named<T>(name: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new Error(`The server that ${name} names can't be used: ${reasonOf(error)}`, { cause: error });
  }
}
