import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process beyond doubt: its number may belong to another one later, but not with the same start and command. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; on Linux in clock ticks since boot. */
  startedAt: string;
  /** The command line, its parts joined by spaces. */
  command: string;
}

/** Who has this pid now; undefined when nobody does, or only a corpse that its parent has not collected. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

/** Whether exactly this process is still running. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now?.startedAt === identity.startedAt && now.command === identity.command;
}

/**
 * Ends exactly this process: SIGTERM, and SIGKILL when it has not ended in time. Another one with its number is left alone.
 * @returns whether there was anything to end
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  if (!isRunning(identity)) return false;
  signal(identity.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) signal(identity.pid, 'SIGKILL');
    await delay(25);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between, which is what was wanted.
  }
}

function fromProc(pid: number): ProcessIdentity | undefined {
  // The second field, the command's name in parentheses, may itself hold spaces and parentheses.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  return state === 'Z' || state === 'X' || startedAt === undefined ? undefined : { pid, startedAt, command };
}

function fromPs(pid: number): ProcessIdentity | undefined {
  const ps = (field: string) => execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
  return ps('state').startsWith('Z') ? undefined : { pid, startedAt: ps('lstart'), command: ps('command') };
}
