import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBinaries } from '../dev/binaries/index.js';
import { createProgress } from '../dev/binaries/progress.js';
import { projectRoot } from '../dev/paths.js';
import { startChild, type Running } from '../dev/process/child.js';
import { programArgs, programEnvironment } from '../dev/stack/program.js';
import { startMongo } from '../dev/stack/mongo.js';
import { prepareNamespace } from '../dev/stack/namespace.js';
import { freePort } from '../dev/stack/ports.js';
import { untilReady } from '../dev/stack/ready.js';
import { startTemporal } from '../dev/stack/temporal.js';

/** Servers of a benchmark run's own, in a folder that goes with it. */
export interface Stack {
  readonly folder: string;
  readonly temporalAddress: string;
  /** The servers' processes, by what they are called. */
  readonly serverPids: { temporal: number; mongo: number };
  /** Starts a built program (a path below dist/); ready when it logs this text. */
  start: (program: string, env: Record<string, string>, readyText: string) => Promise<Running>;
  /** Starts one API and one worker process as in production, without the rate limit. */
  startProduct: (env?: Record<string, string>) => Promise<BenchProduct>;
  close: () => Promise<void>;
}

export interface BenchProduct {
  /** `http://host:port` */
  url: string;
  adminKey: string;
  webhookSecret: string;
  /** Of its database. */
  mongoUri: string;
  api: Running;
  worker: Running;
}

/** Starts both servers. What it gets or builds first, it says on stderr: stdout is the result's. */
export async function openStack(): Promise<Stack> {
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-bench-'));
  // Also when somebody ends the run halfway; the processes end in the same way.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const progress = createProgress(process.stderr);
  const binaries = await ensureBinaries({ progress });
  progress.close();
  const log = (name: string) => path.join(folder, `${name}.log`);
  const [temporal, mongo] = await Promise.all([
    startTemporal({
      ...{ binary: binaries.temporal, dataFile: path.join(folder, 'temporal.db'), logFile: log('temporal') },
    }),
    startMongo({ binary: binaries.mongo, dataFolder: path.join(folder, 'mongo'), logFile: log('mongo') }),
  ]);
  await prepareNamespace(temporal.address, 'default');
  const programs: Running[] = [];

  const start: Stack['start'] = async (program, env, readyText) => {
    const running = startChild({
      command: process.execPath,
      args: [...programArgs, path.join(projectRoot(), 'dist', program)],
      env: { PATH: process.env.PATH, ...programEnvironment, TEMPORAL_ADDRESS: temporal.address, ...env },
      logFile: log(`${program.replaceAll('/', '-')}-${programs.length}`),
    });
    programs.push(running);
    const probe = () => (running.tail().includes(readyText) ? Promise.resolve() : Promise.reject(new Error('not yet')));
    await untilReady(program, running, probe, { deadlineMs: 30_000 });
    return running;
  };

  return {
    folder,
    temporalAddress: temporal.address,
    serverPids: { temporal: temporal.pid, mongo: mongo.pid },
    start,
    async startProduct(extra = {}) {
      const port = await freePort();
      const name = `b_${randomBytes(4).toString('hex')}`;
      const mongoUri = mongo.uriOf(name);
      const adminKey = randomBytes(24).toString('hex');
      const webhookSecret = randomBytes(24).toString('hex');
      const env = {
        ...{ PORT: String(port), MONGODB_URI: mongoUri, TEMPORAL_QUEUE_SUFFIX: `-${name}` },
        ...{ ADMIN_API_KEY: adminKey, ENCRYPTION_KEY: randomBytes(32).toString('base64') },
        // A machine that is slow is to be measured, and not answered with `pending`.
        ...{ TICKET_WEBHOOK_SECRET: webhookSecret, RATE_LIMIT_PER_SECOND: '0', TICKET_WAIT_MS: '60000' },
        ...extra,
      };
      const [api, worker] = await Promise.all([
        start('src/api.js', env, 'API is listening'),
        start('src/worker.js', env, 'worker is polling'),
      ]);
      return { url: `http://127.0.0.1:${port}`, adminKey, webhookSecret, mongoUri, api, worker };
    },
    async close() {
      await Promise.all(programs.map((program) => program.stop(2_000)));
      await Promise.all([temporal.stop(), mongo.stop()]);
    },
  };
}
