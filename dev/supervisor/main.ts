import { loadConfig } from '../../src/config/index.js';
import { startOnMessage } from '../../src/start-on-message.js';
import type { Progress } from '../binaries/progress.js';
import { startChild } from '../process/child.js';
import { announcement, urlsOf } from './announce.js';
import { appEnvironment, setting } from './environment.js';
import { prepareExternal } from './external-temporal.js';
import { findSettings, hostOf, localUrl, missingServers } from './findings.js';
import { openHome, type Home } from './home.js';
import { loadOrMakeKeys } from './keys.js';
import { choosePorts } from './ports.js';
import { untilAppsReady } from './readiness.js';
import { endLeftOvers, RunFile } from './run-file.js';
import { findBinaries, startServers } from './servers.js';
import { supervise, type Supervised } from './supervise.js';

export type AppName = 'api' | 'worker';

export interface DrawbridgeOptions {
  /** The project's folder, absolute. */
  root: string;
  env: NodeJS.ProcessEnv;
  apps: Readonly<Record<AppName, { command: string; args: readonly string[] }>>;
  progress: Progress;
  isTerminal: boolean;
  /** Aborting stops all of it, in order. */
  signal: AbortSignal;
}

type ServiceName = AppName | 'temporal' | 'mongo';

// Longer than the worker's own shutdownForceTime (20 s); the servers have nothing to wait for once nobody uses them.
const appGraceMs = 25_000;
const serverGraceMs = 10_000;

/**
 * Runs Drawbridge with all that it needs until the signal aborts. Whatever happens, nothing that it started is left when it returns.
 * @throws Error that says what to do, when it cannot be started
 */
export async function runDrawbridge(options: DrawbridgeOptions): Promise<void> {
  const { home, lock } = await openHome(setting(options.env, 'DRAWBRIDGE_HOME'), options.root);
  const runFile = new RunFile(home.runFile);
  const services = new Map<ServiceName, Supervised>();
  try {
    const ended = await endLeftOvers(home.runFile);
    if (ended.length > 0)
      options.progress.line(`A former start was killed; what it had left running is ended: ${ended.join(', ')}.`);
    await startAll(options, home, runFile, services);
    await aborted(options.signal);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    options.progress.close();
    await stopAll(services);
    runFile.remove();
    lock.release();
  }
}

async function startAll(
  options: DrawbridgeOptions,
  home: Home,
  runFile: RunFile,
  services: Map<ServiceName, Supervised>,
): Promise<void> {
  const { env, progress, signal, root } = options;
  const ports = await choosePorts(home.portsFile, env, hostOf(env));
  const findings = findSettings(env, ports, loadOrMakeKeys(home.keysFile));
  const appEnv = appEnvironment(env, findings);
  // What is wrong in the settings is said now, all at once, and not after minutes of building.
  const config = loadConfig(appEnv);
  const need = missingServers(env);
  const binaries = await findBinaries(need, { env, progress, signal });

  const serversReady = startServers(binaries, {
    ...{ home, ports, runFile, env, progress, signal, namespace: findings.temporal.namespace },
    started: (name, service) => services.set(name, service),
  }).then(async () => {
    if (!need.temporal) await Promise.race([prepareExternal(config, progress), aborted(signal)]);
    signal.throwIfAborted();
  });
  // They load while the servers start, and begin with the message.
  const startApp = async (name: AppName) => {
    const { command, args } = options.apps[name];
    const start = () =>
      Promise.resolve(
        startChild({
          ...{ command, args: [...args, startOnMessage], env: appEnv, cwd: root, logFile: home.logFile(name) },
          messageWhen: serversReady,
          onSpawn: (identity) => runFile.child(name, identity),
        }),
      );
    services.set(name, await supervise({ name, start, report: (line) => progress.line(line) }));
  };
  const results = await Promise.allSettled([serversReady, startApp('api'), startApp('worker')]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const urls = urlsOf(config.http.publicUrl, config.temporal.uiUrl);
  runFile.describe({ ports: { api: ports.api, mongo: ports.mongo, ...ports.temporal }, urls });
  await untilAppsReady({
    baseUrl: localUrl(config.http.host, ports.api),
    apps: Object.fromEntries([...services].filter(([name]) => name === 'api' || name === 'worker')),
    signal,
    report: (line) => progress.line(line),
  });
  const adminKeyIsSet = setting(env, 'ADMIN_API_KEY') !== undefined;
  const adminKey = { value: findings.keys.ADMIN_API_KEY, ...(adminKeyIsSet ? {} : { file: home.keysFile }) };
  const { address, namespace } = findings.temporal;
  const temporal = binaries.temporal === undefined ? undefined : { address, namespace, binary: binaries.temporal };
  progress.line(announcement({ urls, temporal, adminKey }, options.isTerminal));
}

/** API and worker first, for they still write; then Temporal, then MongoDB. */
async function stopAll(services: ReadonlyMap<ServiceName, Supervised>): Promise<void> {
  await Promise.all([services.get('api')?.stop(appGraceMs), services.get('worker')?.stop(appGraceMs)]);
  await services.get('temporal')?.stop(serverGraceMs);
  await services.get('mongo')?.stop(serverGraceMs);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
