import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { freePort } from '../../dev/stack/ports.js';
import { programArgs } from '../../dev/stack/program.js';
import { api } from './http.js';
import { adminKey, productEnvironment, type ProductOptions } from './product-environment.js';
import type { Product, RunningApi, RunningPart, StartOptions } from './product.js';

const root = path.join(import.meta.dirname, '../..');

/** Far more than it takes: on two cores a whole run's processes may start at once. */
const readyWithinMs = 90_000;

/** One of the product's processes, as in production: started from dist/. */
export interface Process extends RunningPart {
  readonly pid: number;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export type ApiProcess = Process & RunningApi;

export interface ProductProcesses extends Product {
  startApi(options?: ProcessOptions & { port?: number }): Promise<ApiProcess>;
  startWorker(options?: ProcessOptions): Promise<Process>;
  /** Kills what still runs. */
  close(): Promise<void>;
}

interface ProcessOptions extends StartOptions {
  /** A built file under dist/; by default the product's own. */
  main?: string;
}

/** The product's API and worker as processes, on one database and one set of task queues. Nothing is started yet. */
export function openProcesses(options: ProductOptions = {}): ProductProcesses {
  const env = productEnvironment(options);
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
