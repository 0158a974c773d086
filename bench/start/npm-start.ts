import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../../dev/process/child.js';
import { untilReady } from '../../dev/stack/ready.js';
import { cpuSeconds } from '../cpu.js';

/** Milliseconds from the command to the end of each phase. */
export interface Phases {
  /** npm, the build, ports: the first child process runs. */
  spawned: number;
  /** Temporal and MongoDB can be used. */
  servers: number;
  /** The API listens. */
  api: number;
  /** The worker polls. */
  worker: number;
  /** "Drawbridge is ready." is printed. */
  ready: number;
}

/** One `npm start`: its phases, and what its processes have computed until it was ready, in seconds. */
export interface MeasuredStart {
  phases: Phases;
  cpu: Record<string, number>;
}

interface RunFacts {
  pid: number;
  urls: Record<string, string>;
  children: Record<string, { pid: number }>;
}

const pollMs = 10;
const deadlineMs = 120_000;

/**
 * Runs `npm start` until it is ready, and stops it.
 * @param root the checkout
 * @param home DRAWBRIDGE_HOME; its ports are chosen by the first start on it
 */
export async function measureStart(root: string, home: string): Promise<MeasuredStart> {
  const log = (name: string) => path.join(home, 'logs', `${name}.log`);
  for (const name of ['api', 'worker']) rmSync(log(name), { force: true });
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const startedAt = Date.now();
  const npm = startChild({
    command: 'npm',
    args: ['start'],
    env: { PATH, HOME, XDG_CACHE_HOME, DRAWBRIDGE_HOME: home },
    cwd: root,
    logFile: `${home}.log`,
  });
  const run = () => readRun(path.join(home, 'run.json'));
  const reached = async (isReached: () => boolean) => {
    while (!isReached() && Date.now() - startedAt < deadlineMs) await delay(pollMs);
    return Date.now() - startedAt;
  };
  const spawned = reached(() => run() !== undefined);
  const servers = reached(() => run()?.urls.console !== undefined);
  const ready = reached(() => npm.tail().includes('Drawbridge is ready.'));
  try {
    // Says why, should it end instead.
    await untilReady(
      'npm start',
      npm,
      () => (npm.tail().includes('is ready.') ? ready : Promise.reject(new Error('not yet'))),
      {
        deadlineMs,
      },
    );
    const facts = run();
    const pids = { start: facts?.pid ?? 0, ...pidsOf(facts) };
    const cpu = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
    const phases = {
      spawned: await spawned,
      servers: await servers,
      api: loggedAt(log('api'), 'API is listening') - startedAt,
      worker: loggedAt(log('worker'), 'worker is polling') - startedAt,
      ready: await ready,
    };
    return { phases, cpu };
  } finally {
    await npm.stop(60_000);
  }
}

const pidsOf = (facts: RunFacts | undefined) =>
  Object.fromEntries(Object.entries(facts?.children ?? {}).map(([name, { pid }]) => [name, pid]));

function readRun(file: string): RunFacts | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunFacts) : undefined;
}

/** The time of a line of a log, in milliseconds. */
function loggedAt(file: string, message: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((each) => each.includes(`"msg":"${message}"`));
  return line === undefined ? NaN : Date.parse((JSON.parse(line) as { time: string }).time);
}
