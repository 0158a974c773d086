import { mkdirSync, writeFileSync } from 'node:fs';
import type { MongoBinary } from '../binaries/mongo.js';
import { startChild, type Running } from '../process/child.js';
import type { ProcessIdentity } from '../process/identity.js';
import { answersOn, freePort } from './ports.js';
import { untilReady } from './ready.js';
import { serverEnvironment } from './server-environment.js';
import { standInRefused } from './stand-in.js';

export interface MongoOptions {
  binary: MongoBinary;
  /** Absolute; made when it is not there. Data of the one kind of server cannot be opened by the other. */
  dataFolder: string;
  logFile: string;
  /** A free one when unset. Data may come from a start on another port. */
  port?: number | undefined;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  onSpawn?: ((identity: ProcessIdentity) => void) | undefined;
}

export interface RunningMongo extends Running {
  readonly port: number;
  /** The URI of the database `drawbridge`. */
  readonly uri: string;
  /** The URI of another database on this server. */
  uriOf(database: string): string;
}

/** The set's name where we choose it; secantusd-rs has one of its own. */
const replicaSetName = 'drawbridge';

/** Opening the data after a crash replays the log; a start without that takes half a second. */
const deadlineMs = 60_000;

/**
 * Starts MongoDB as a replica set of one on the loopback address; ready when it is primary.
 * To restart it on the same data after `kill()` or `stop()`, call it again with the same `dataFolder` and `port`.
 * @throws Error with the end of the server's log, or when a stand-in is asked for in production
 */
export async function startMongo(options: MongoOptions): Promise<RunningMongo> {
  const env = options.env ?? process.env;
  if (options.binary.kind === 'secantus' && env.NODE_ENV === 'production') throw new Error(`${standInRefused}.`);
  const port = options.port ?? (await freePort());
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const child = startChild({
    command: options.binary.path,
    args:
      options.binary.kind === 'mongod'
        ? mongodArguments(options.dataFolder, port)
        : secantusArguments(options.dataFolder, port),
    env: serverEnvironment(env),
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  });
  // Loaded while the server starts: it takes a third of a second.
  const { prepareReplicaSet } = await import('./replica-set.js');
  const setName = await untilReady(
    'MongoDB',
    child,
    () => answersOn(port).then(() => prepareReplicaSet(port, replicaSetName)),
    {
      deadlineMs,
      signal: options.signal,
    },
  );
  const uriOf = (database: string) => `mongodb://127.0.0.1:${port}/${database}?replicaSet=${setName}`;
  return { ...child, port, uri: uriOf('drawbridge'), uriOf };
}

function mongodArguments(dataFolder: string, port: number): string[] {
  return [
    ...['--dbpath', dataFolder, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', replicaSetName],
    // Its default, half of the memory, is for a machine of its own; its socket in /tmp would be open to other users.
    ...['--wiredTigerCacheSizeGB', '0.5', '--nounixsocket'],
  ];
}

function secantusArguments(dataFolder: string, port: number): string[] {
  // Without a file that is named here it would read one in the current folder, the home or /etc.
  const configFile = `${dataFolder}.toml`;
  writeFileSync(configFile, '', { mode: 0o600 });
  return [
    ...['--config', configFile, '--storage-path', dataFolder, '--port', String(port), '--host', '127.0.0.1'],
    // Without it `kill -9` loses acknowledged writes, `j: true` or not.
    '--sync-on-commit',
    ...['--cache-size', '512M', '--log-level', 'WARNING'],
    // A log is allocated in full at each start: with the default, 128 MB, that takes 0.3 s of CPU.
    ...['--log-file-max', '32MB'],
  ];
}
