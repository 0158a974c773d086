import { spawn } from 'node:child_process';

/** What a block of commands came to. */
export interface Ran {
  /** Its exit code; null when it did not end in time. */
  code: number | null;
}

/**
 * A bash that runs one block after the other, as a reader's terminal does: variables, aliases and background jobs stay. Output of
 * jobs is part of the terminal's.
 */
export class Shell {
  /** All that has appeared so far, from both streams. */
  output = '';
  private blocks = 0;
  private readonly bash;

  constructor(options: { cwd: string; env: NodeJS.ProcessEnv }) {
    // A group of its own, so that jobs end with it.
    this.bash = spawn('bash', ['--noprofile', '--norc'], {
      ...options,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.bash.stdout, this.bash.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.bash.stdin.write('shopt -s expand_aliases\nset -o pipefail\n');
  }

  /** Runs a block. @returns with the first code that is not 0; the shell is of no use after it */
  async run(commands: string, timeoutMs: number): Promise<Ran> {
    this.blocks += 1;
    const mark = `__block ${this.blocks} ended with`;
    this.bash.stdin.write(`trap 'echo "${mark} $?"' ERR\n${commands}\necho "${mark} 0"\n`);
    const pattern = new RegExp(`${mark} (\\d+)\\n`);
    const code = await until(() => pattern.exec(this.output)?.[1], timeoutMs);
    return { code: code === undefined ? null : Number(code) };
  }

  /** Resolves with whether a text appeared in time. @param from where in the output to read */
  async shows(expected: readonly RegExp[], from: number, timeoutMs: number): Promise<boolean> {
    const isShown = () => {
      let rest = this.output.slice(from).replace(/[ \t]+/g, ' ');
      return expected.every((line) => {
        const found = line.exec(rest);
        if (!found) return false;
        rest = rest.slice(found.index + found[0].length);
        return true;
      });
    };
    return (await until(() => isShown() || undefined, timeoutMs)) ?? false;
  }

  /** Ends the shell and its jobs. */
  close(): void {
    try {
      if (this.bash.pid !== undefined) process.kill(-this.bash.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

async function until<T>(read: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const found = read();
    if (found !== undefined || Date.now() > giveUpAt) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
