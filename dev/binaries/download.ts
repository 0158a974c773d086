import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../paths.js';
import type { LongStep } from './progress.js';
import { run } from './run.js';

export interface DownloadOptions {
  /**
   * A program that fetches into the folder it is given and prints `result:PATH`, or `result-error: REASON`; a path from the
   * project's folder, or absolute. A process of its own, because neither of the libraries that download can be told to stop.
   */
  script: string;
  /** Empty, absolute. */
  folder: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  step: LongStep;
  /** How long it may take until the first bytes are there, and how long it may then stand still; by default 30 s and 60 s. */
  limitsMs?: { begin: number; stall: number };
}

const pollMs = 500;

/**
 * Runs a library's own download.
 * @returns the program's path, absolute
 * @throws Error in one line: the library's, or that it does not begin or stands still; the signal's reason
 */
export async function download({ script, folder, env, signal, step, limitsMs }: DownloadOptions): Promise<string> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let result: string | undefined;
  const finished = run({
    command: process.execPath,
    args: [path.resolve(projectRoot(), script), folder],
    env,
    cwd: projectRoot(),
    signal: both,
    onLine: (line) => {
      if (line.startsWith('result:')) result = line.slice('result:'.length).trim();
    },
  }).finally(() => stop.abort());
  const watched = watch(folder, step, limitsMs ?? { begin: 30_000, stall: 60_000 }, stop);
  await Promise.all([finished, watched]);
  if (result === undefined) throw new Error('the download named no file');
  return result;
}

/** Aborts a download that does not begin, or does not go on. */
async function watch(
  folder: string,
  step: LongStep,
  limitsMs: { begin: number; stall: number },
  stop: AbortController,
): Promise<void> {
  let size = 0;
  let changedAt = Date.now();
  while (!stop.signal.aborted) {
    await delay(pollMs, undefined, { signal: stop.signal }).catch(() => undefined);
    const now = bytesBelow(folder);
    if (now !== size) {
      [size, changedAt] = [now, Date.now()];
      step.update(`${Math.round(size / 1e6)} MB`);
    }
    const limit = size === 0 ? limitsMs.begin : limitsMs.stall;
    if (Date.now() - changedAt > limit) {
      stop.abort(new Error(`it ${size === 0 ? 'did not begin' : 'stood still'} for ${Math.round(limit / 1000)} s`));
    }
  }
}

function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.endsWith('.lock'))
      .map((name) => statSync(path.join(folder, name), { throwIfNoEntry: false }))
      .reduce((sum, stats) => sum + (stats?.isFile() ? stats.size : 0), 0);
  } catch {
    // A folder that changes while it is read: the next look will do.
    return 0;
  }
}
