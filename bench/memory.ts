import { execFileSync } from 'node:child_process';

/** What a process holds in memory, in MB; NaN where `ps` is not there to ask. */
export function residentMb(pid: number): number {
  try {
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
  } catch {
    return NaN;
  }
}
