import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { freePort } from '../../dev/stack/ports.js';
import type * as apiModule from '../../src/api.js';
import { loadConfig } from '../../src/config/index.js';
import { createLogger } from '../../src/observability/logger.js';
import type * as workerModule from '../../src/worker.js';
import { api, type Api } from './http.js';
import { adminKey, productEnvironment, type ProductEnvironment, type ProductOptions } from './product-environment.js';

export { adminKey, publicUrl, webhookSecret, type ProductOptions } from './product-environment.js';

/** An API or a worker that runs, in this process or in one of its own. */
export interface RunningPart {
  readonly name: string;
  /** What it has logged so far. */
  log(): string;
  /** Stops it as SIGTERM does; resolves when it has stopped. */
  stop(): Promise<unknown>;
}

/** How tests call an API. */
export interface ApiAccess {
  readonly url: string;
  /** With the admin key, below `/api/v1`. */
  readonly admin: Api;
}

export type RunningApi = RunningPart & ApiAccess;

export interface Product {
  readonly env: ProductEnvironment;
  startApi(options?: StartOptions & { port?: number }): Promise<RunningApi>;
  startWorker(options?: StartOptions): Promise<RunningPart>;
  /** Stops what still runs. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Overrides the product's environment. */
  env?: Record<string, string>;
}

/**
 * The product's API and worker in this process, on one database and one set of task queues. Nothing is started yet.
 * A start costs a tenth of what a process costs. `openProcesses` is for tests of processes: of their death, signals and whole log.
 */
export function openProduct(options: ProductOptions = {}): Product {
  const env = productEnvironment(options);
  const running = new Set<RunningPart>();

  async function start(name: 'api' | 'worker', extra: Record<string, string>): Promise<RunningPart> {
    const lines: string[] = [];
    const destination = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const config = loadConfig({ ...env, ...extra });
    const logger = createLogger(config.logLevel, { process: name }, undefined, destination);
    const { stop } =
      name === 'api'
        ? await (await builtApi()).startApi(config, logger)
        : await (await builtWorker()).startWorker(config, logger, { sharesRuntime: true });
    const part: RunningPart = {
      name,
      log: () => lines.join(''),
      stop: async () => {
        running.delete(part);
        await stop();
      },
    };
    running.add(part);
    return part;
  }

  return {
    env,
    async startApi({ port, env: extra = {} } = {}) {
      const listening = port ?? (await freePort());
      const part = await start('api', { PORT: String(listening), ...extra });
      const url = `http://127.0.0.1:${listening}`;
      return Object.assign(part, { url, admin: api(`${url}/api/v1`, adminKey) });
    },
    startWorker: ({ env: extra = {} } = {}) => start('worker', extra),
    async close() {
      await Promise.all([...running].map((part) => part.stop()));
    },
  };
}

// The built modules, as in production: Node loads them faster than vitest transforms the sources.
const dist = pathToFileURL(path.join(import.meta.dirname, '../../dist/'));
const builtApi = () => import(new URL('src/api.js', dist).href) as Promise<typeof apiModule>;
const builtWorker = () => import(new URL('src/worker.js', dist).href) as Promise<typeof workerModule>;
