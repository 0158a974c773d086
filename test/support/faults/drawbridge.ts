import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../dev/paths.js';
import { isRunning, type ProcessIdentity } from '../../../dev/process/identity.js';
import { eventually } from '../eventually.js';
import { api } from '../http.js';
import { adminKey, type ApiAccess } from '../product.js';

export type ServiceName = 'api' | 'worker' | 'temporal' | 'mongo';

export interface RunFacts {
  pid: number;
  ports: Record<string, number>;
  children: Record<ServiceName, ProcessIdentity>;
}

/** `npm start`, as its script runs it: the supervisor and the four that it looks after. */
export interface Drawbridge {
  readonly pid: number;
  output(): string;
  /** run.json as it is now. */
  facts(): RunFacts;
  hasRunFile(): boolean;
  /** Those of run.json that run. */
  alive(facts?: RunFacts): ServiceName[];
  /** Until it has said that it is ready. */
  ready(): Promise<RunFacts>;
  send(signal: NodeJS.Signals): void;
  exited: Promise<number | null>;
}

export function startDrawbridge(home: string, settings: Record<string, string>): Drawbridge {
  const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env;
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist/dev/start.js')], {
    env: { PATH, HOME, XDG_CACHE_HOME, DRAWBRIDGE_HOME: home, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('The start could not be started.');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const runFile = path.join(home, 'run.json');
  const facts = () => JSON.parse(readFileSync(runFile, 'utf8')) as RunFacts;
  return {
    pid: child.pid,
    exited,
    facts,
    output: () => output,
    hasRunFile: () => existsSync(runFile),
    alive: ({ children } = facts()) =>
      (Object.keys(children) as ServiceName[]).filter((name) => isRunning(children[name])).sort(),
    send: (signal) => child.kill(signal),
    async ready() {
      const has = () => output.includes('Drawbridge is ready.') || child.exitCode !== null;
      await eventually(() => Promise.resolve(output), has, 60_000);
      if (child.exitCode !== null) throw new Error(`The start ended:\n${output}`);
      return facts();
    },
  };
}

/** Its API, for what the tests do with one of their own. */
export function apiOf(port: number): ApiAccess {
  const url = `http://127.0.0.1:${port}`;
  return { url, admin: api(`${url}/api/v1`, adminKey) };
}
