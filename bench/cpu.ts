import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Linux counts in these for whoever asks, whatever its kernel's own clock is. */
const ticksPerSecond = 100;

/** @returns what a process has computed so far, in seconds; NaN where there is no /proc */
export function cpuSeconds(pid: number): number {
  try {
    // Its second field is the program's name in brackets, which may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return NaN;
  }
}

/**
 * Begins to watch processes.
 * @param pids by what they are called
 * @returns a function that says how many seconds each has computed since; unlike the clock's, they do not grow while
 * others have the machine
 */
export function watchCpu(pids: Record<string, number>): () => Record<string, number> {
  const before = Object.entries(pids).map(([name, pid]) => ({ name, pid, seconds: cpuSeconds(pid) }));
  return () => Object.fromEntries(before.map(({ name, pid, seconds }) => [name, cpuSeconds(pid) - seconds]));
}

/** @returns how much of one core each takes in the time to come, in percent */
export async function cpuShares(pids: Record<string, number>, forMs: number): Promise<Record<string, number>> {
  const used = watchCpu(pids);
  await delay(forMs);
  return Object.fromEntries(Object.entries(used()).map(([name, seconds]) => [name, (seconds / forMs) * 100_000]));
}
