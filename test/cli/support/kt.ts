import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const main = path.join(import.meta.dirname, '../../../dist/src/cli/main.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ended: Promise<Ended>;
}

/** Starts `kt` as it is built, with nothing of this process's environment that it could notice. */
export function startKt(args: readonly string[], env: Record<string, string> = {}, input?: string): Running {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  if (input !== undefined) child.stdin?.end(input);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
  return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, ended };
}

/** Runs a command line of `kt` to its end. */
export const kt = (args: readonly string[], env?: Record<string, string>, input?: string): Promise<Ended> =>
  startKt(args, env, input).ended;
