import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { startChild, type Running } from '../process/child.js';
import type { ProcessIdentity } from '../process/identity.js';
import { askForNamespace } from './own-namespace.js';
import { answersOn, choosePort } from './ports.js';
import { untilReady } from './ready.js';
import { serverEnvironment } from './server-environment.js';

export interface TemporalOptions {
  /** The `temporal` program. */
  binary: string;
  /** The database file, absolute; its folder is made when it is not there. */
  dataFile: string;
  logFile: string;
  /** Free ones when unset. */
  ports?: Partial<TemporalPorts>;
  /** Besides `default`. */
  namespace?: string;
  /** Of the type Keyword: new data have them from the beginning. */
  searchAttributes?: readonly string[];
  /** Over what this file sets. */
  dynamicConfig?: Readonly<Record<string, unknown>>;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  onSpawn?: ((identity: ProcessIdentity) => void) | undefined;
}

/** gRPC, the UI, the HTTP API and Prometheus: all four listen on the loopback address, and none asks for a login. */
export interface TemporalPorts {
  grpc: number;
  ui: number;
  http: number;
  metrics: number;
}

export interface RunningTemporal extends Running {
  readonly ports: TemporalPorts;
  /** `127.0.0.1:port`, for TEMPORAL_ADDRESS. */
  readonly address: string;
  readonly uiUrl: string;
}

const deadlineMs = 60_000;

// What makes a server of one machine quick: 27 → 75 workflows a second at concurrency 50, timers to 20 ms instead of a second.
const dynamicConfig = {
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'history.transferProcessorMaxPollRPS': 500,
  'history.timerProcessorMaxPollRPS': 200,
  'history.timerProcessorMaxTimeShift': '20ms',
  // A workflow takes ten updates at a time otherwise, and calls that wait for their ticket are updates.
  'history.maxInFlightUpdates': 1000,
};
// No acknowledged start was lost in four `kill -9` with these.
const pragmas = ['journal_mode=wal', 'synchronous=1'];

/**
 * Starts Temporal's development server with its UI on the loopback address; ready when the namespace answers.
 * Call `prepareNamespace` once after the first start on new data. To restart it after `kill()` or `stop()`, call this
 * again with the same `dataFile` and the former `ports`.
 * @throws Error with the end of the server's log
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const ports = await completePorts(options.ports ?? {});
  const namespace = options.namespace ?? 'default';
  mkdirSync(path.dirname(options.dataFile), { recursive: true, mode: 0o700 });
  const child = startChild({
    command: options.binary,
    args: serverArguments(options, ports),
    env: serverEnvironment(options.env ?? process.env),
    logFile: options.logFile,
    onSpawn: options.onSpawn,
  });
  const address = `127.0.0.1:${ports.grpc}`;
  await untilReady('Temporal', child, () => answersOn(ports.grpc).then(() => askForNamespace(ports.http, namespace)), {
    deadlineMs,
    signal: options.signal,
  });
  return { ...child, ports, address, uiUrl: `http://localhost:${ports.ui}` };
}

async function completePorts(given: Partial<TemporalPorts>): Promise<TemporalPorts> {
  const taken = new Set(Object.values(given));
  const complete = async (port: number | undefined) => port ?? (await choosePort([], taken));
  return {
    grpc: await complete(given.grpc),
    ui: await complete(given.ui),
    http: await complete(given.http),
    metrics: await complete(given.metrics),
  };
}

function serverArguments(options: TemporalOptions, ports: TemporalPorts): string[] {
  const { namespace = 'default', searchAttributes = [] } = options;
  return [
    ...['server', 'start-dev', '--db-filename', options.dataFile, '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1'],
    ...['--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    // Chosen by itself these two would be at random, where nobody could keep deliveries away from them.
    ...['--http-port', String(ports.http), '--metrics-port', String(ports.metrics)],
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...['--log-level', 'warn'],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...Object.entries({ ...dynamicConfig, ...options.dynamicConfig }).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}
