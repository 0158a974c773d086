import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { identify, type ProcessIdentity } from './identity.js';
import { openLog, readTail } from './log-file.js';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that runs, and how to end it. */
export interface Running {
  readonly pid: number;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
  /** SIGTERM, and SIGKILL when it has not ended within `graceMs` (10 s by default). Resolves when it has ended; may be called again. */
  stop(graceMs?: number): Promise<Exit>;
  /** SIGKILL, as a crash. Resolves when it has ended. */
  kill(): Promise<Exit>;
  /** The end of what it has written so far, in lines. */
  tail(): string;
}

export interface ChildOptions {
  command: string;
  args: readonly string[];
  /** All of the child's environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Takes stdout and stderr; private, appended to. */
  logFile: string;
  /** Opens a channel to the child, and sends it a message once this resolves. */
  messageWhen?: Promise<unknown> | undefined;
  /** Called at once, before anything else can happen: who records children here never loses one. */
  onSpawn?: ((identity: ProcessIdentity) => void) | undefined;
}

const alive = new Set<number>();
let watching = false;

/**
 * Starts a process in a group of its own, so that a terminal's Ctrl-C reaches the supervisor alone and it decides the order.
 * Should this process end without having stopped it, it is killed.
 * @throws Error when the command cannot be started
 */
export function startChild(options: ChildOptions): Running {
  const log = openLog(options.logFile);
  const child = spawn(options.command, options.args, {
    env: options.env,
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', log.fd, log.fd, ...(options.messageWhen ? (['ipc'] as const) : [])],
  });
  closeSync(log.fd);
  // Without a listener the missing command would end this process; the missing pid says the same below.
  child.once('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.command} cannot be started.`);
  track(pid);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      alive.delete(pid);
      resolve({ code, signal });
    });
  });
  // One that has already ended has no entry any more; the identity then matches nothing.
  const identity = identify(pid) ?? { pid, startedAt: '', command: '' };
  options.onSpawn?.(identity);
  // One that has ended meanwhile gets none, and what the message was for has failed without one.
  options.messageWhen?.then(
    () => child.send('start', () => undefined),
    () => undefined,
  );

  const send = (name: NodeJS.Signals) => {
    if (alive.has(pid)) signalGroup(pid, name);
  };
  return {
    pid,
    identity,
    exited,
    tail: () => readTail(options.logFile, log.size),
    kill: () => {
      send('SIGKILL');
      return exited;
    },
    stop: async (graceMs = 10_000) => {
      send('SIGTERM');
      const timer = setTimeout(() => send('SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
}

/** How a process ended, in words. */
export const describeExit = ({ code, signal }: Exit) => (signal ? `was ended by ${signal}` : `ended with code ${code}`);

function track(pid: number): void {
  alive.add(pid);
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const left of alive) signalGroup(left, 'SIGKILL');
  });
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended, and only the news has not arrived yet.
  }
}
