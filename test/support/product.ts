import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { programArgs } from '../../dev/stack/program.js';
import { api, type Api } from './http.js';
import { databaseUri } from './mongo-uri.js';
import { uniqueName } from './unique-name.js';

const root = path.join(import.meta.dirname, '../..');

export const adminKey = 'test-admin-key-0123456789';
/** Far more than it takes: on two cores a whole run's processes may start at once. */
const readyWithinMs = 90_000;

/** What links are made of; every process of a product has the same. */
export const publicUrl = 'http://bridge.test';
export const webhookSecret = 'test-webhook-secret';

/** One of the product's processes, as in production: started from dist/. */
export interface Process {
  readonly name: string;
  readonly pid: number;
  /** What it logged so far. */
  log(): string;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface ApiProcess extends Process {
  readonly url: string;
  /** With the admin key, below `/api/v1`. */
  readonly admin: Api;
}

export interface Product {
  readonly env: Readonly<Record<string, string>>;
  /** @param main a built file under dist/, by default the product's own */
  startApi(options?: { port?: number; main?: string; env?: Record<string, string> }): Promise<ApiProcess>;
  startWorker(options?: { main?: string; env?: Record<string, string> }): Promise<Process>;
  /** Ends what still runs. */
  close(): Promise<void>;
}

export interface ProductOptions {
  /** Over the defaults: the mock, no rate limit, both secrets set. */
  env?: Record<string, string>;
  /** By default a fresh database on the run's own servers, and task queues of its own. */
  mongoUri?: string;
  temporalAddress?: string;
}

/** The product's processes on one database and one pair of task queues. Nothing is started yet. */
export function openProduct(options: ProductOptions = {}): Product {
  const name = uniqueName();
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    MONGODB_URI: options.mongoUri ?? databaseUri(inject('mongoUri'), name),
    TEMPORAL_ADDRESS: options.temporalAddress ?? inject('temporalAddress'),
    TEMPORAL_UI_URL: inject('embedded').temporal?.uiUrl ?? 'http://localhost:8233',
    TEMPORAL_QUEUE_SUFFIX: `-${name}`,
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    TICKET_WEBHOOK_SECRET: webhookSecret,
    PUBLIC_URL: publicUrl,
    RATE_LIMIT_PER_SECOND: '0',
    LOG_LEVEL: 'info',
    ...options.env,
  };
  const running = new Set<Process>();

  async function start(kind: 'api' | 'worker', main: string, extra: Record<string, string>): Promise<Process> {
    const child = spawn(process.execPath, [...programArgs, path.join(root, 'dist', main)], {
      cwd: root,
      env: { ...env, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const one = processOf(
      kind,
      child,
      () => Buffer.concat(chunks).toString('utf8'),
      () => running.delete(one),
    );
    running.add(one);
    await untilLogged(one, child, kind === 'api' ? 'API is listening' : 'worker is polling');
    return one;
  }

  return {
    env,
    async startApi({ port, main = 'src/api.js', env: extra = {} } = {}) {
      const listening = port ?? (await freePort());
      const url = `http://127.0.0.1:${listening}`;
      const one = await start('api', main, { PORT: String(listening), ...extra });
      return Object.assign(one, { url, admin: api(`${url}/api/v1`, adminKey) });
    },
    startWorker: ({ main = 'src/worker.js', env: extra = {} } = {}) => start('worker', main, extra),
    async close() {
      await Promise.all([...running].map((one) => one.kill()));
    },
  };
}

function processOf(name: string, child: ChildProcess, log: () => string, gone: () => void): Process {
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${name} could not be started.`);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      gone();
      resolve(code);
    });
  });
  return {
    name,
    pid,
    log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilLogged(one: Process, child: ChildProcess, text: string): Promise<void> {
  const giveUpAt = Date.now() + readyWithinMs;
  while (!one.log().includes(text)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The ${one.name} ended:\n${one.log()}`);
    if (Date.now() > giveUpAt) throw new Error(`The ${one.name} did not get ready:\n${one.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
