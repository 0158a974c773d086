import { spawn } from 'node:child_process';

export interface RunOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  signal: AbortSignal;
  /** Each line of stdout and stderr; a carriage return ends one too, as progress bars have it. */
  onLine: (line: string) => void;
}

const keptLines = 20;

/**
 * Runs a program to its end. Aborting kills it and all that it has started.
 * @throws Error with what it said last, when it fails; the signal's reason, when it was aborted
 */
export function run({ command, args, env, cwd, signal, onLine }: RunOptions): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const last: string[] = [];
    const take = lineSplitter((line) => {
      last.push(line);
      if (last.length > keptLines) last.shift();
      onLine(line);
    });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);

    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    const settle = (settleIt: () => void) => {
      signal.removeEventListener('abort', kill);
      process.removeListener('exit', kill);
      if (signal.aborted) reject(signal.reason instanceof Error ? signal.reason : new Error('It was stopped.'));
      else settleIt();
    };
    signal.addEventListener('abort', kill);
    process.on('exit', kill);
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code, signalName) =>
      settle(() =>
        code === 0
          ? resolve()
          : reject(new Error(complaint(last, code === null ? `ended by ${signalName}` : `code ${code}`))),
      ),
    );
  });
}

/** The line that looks like the reason, else the last one. */
function complaint(lines: readonly string[], how: string): string {
  const reason =
    lines.findLast((line) => /^(error|fatal|result-error)\b|: error:|cannot|failed/i.test(line)) ?? lines.at(-1);
  return reason
    ? `${reason
        .replace(/^result-error:/, '')
        .trim()
        .slice(0, 300)} (${how})`
    : how;
}

function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) onLine(line);
  };
}
