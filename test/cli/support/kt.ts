import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../../src/cli/run.js';

export const main = path.join(import.meta.dirname, '../../../dist/src/cli/main.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  stdout: () => string;
  stderr: () => string;
  /** What Ctrl-C does. */
  stop: () => void;
  ended: Promise<Ended>;
}

/** Starts a command line in this process. It sees the given environment, input and streams only. */
export function startKt(args: readonly string[], env: Record<string, string> = {}, input = ''): Running {
  const [stdout, stderr] = [collector(), collector()];
  const controller = new AbortController();
  const ended = run(args, {
    env,
    stdin: Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    stopSignal: () => controller.signal,
  });
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    stop: () => controller.abort(),
    ended: ended.then((code) => ({ code, stdout: stdout.text(), stderr: stderr.text() })),
  };
}

/** Runs a command line to its end in this process, which costs a fraction of the CPU time of `ktProcess`. */
export const kt = (args: readonly string[], env?: Record<string, string>, input?: string): Promise<Ended> =>
  startKt(args, env, input).ended;

/** Starts a command line in a process, as it is built: for tests of pipes, signals and exit codes. */
export function startKtProcess(args: readonly string[], env: Record<string, string> = {}, input = '') {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'pipe',
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  child.stdin?.end(input);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
  return { child, stderr: () => texts.stderr, ended };
}

function collector() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}
