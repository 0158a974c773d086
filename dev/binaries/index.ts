import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../files.js';
import { cacheFolder } from '../paths.js';
import { waitForLock } from '../process/lock.js';
import { mongoSteps, type MongoBinary } from './mongo.js';
import { silentProgress, type Progress } from './progress.js';
import { NoWayError, type Step, type StepContext } from './steps.js';
import { temporalSteps } from './temporal.js';

export type { MongoBinary };

export interface EnsureOptions {
  /** PATH, HOME, XDG_CACHE_HOME and NODE_ENV count; the process's own by default. */
  env?: NodeJS.ProcessEnv;
  progress?: Progress;
  /** Aborting ends builds and downloads, and what they have started. */
  signal?: AbortSignal;
}

/** A program's ways, and where they lead out when all of them are closed. */
export interface Ways<T> {
  what: string;
  quick: readonly Step<T>[];
  slow: readonly Step<T>[];
  waysOut: readonly string[];
}

/**
 * Finds, downloads or builds both servers, side by side; minutes on a machine that has neither, nothing afterwards.
 * @throws NoWayError for the first one that cannot be had, and then stops the other
 */
export async function ensureBinaries(options: EnsureOptions = {}): Promise<{ temporal: string; mongo: MongoBinary }> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const stopOther = (error: unknown) => {
    failed.abort(error);
    throw error;
  };
  const both = [
    ensureTemporal({ ...options, signal }).catch(stopOther),
    ensureMongo({ ...options, signal }).catch(stopOther),
  ] as const;
  // The other one's builds are ended before this returns.
  await Promise.allSettled(both);
  failed.signal.throwIfAborted();
  const [temporal, mongo] = await Promise.all(both);
  return { temporal, mongo };
}

/** The path of a `temporal` that is new enough. @throws NoWayError */
export const ensureTemporal = (options: EnsureOptions = {}): Promise<string> => ensure(temporalSteps, options);

/** A `mongod` that is new enough, or its stand-in. @throws NoWayError */
export const ensureMongo = (options: EnsureOptions = {}): Promise<MongoBinary> => ensure(mongoSteps, options);

/**
 * Goes the ways in their order until one leads somewhere. Each that fails says so in a line. Only one process at a time
 * goes the slow ones; the others wait, and find its result in the cache.
 * @throws NoWayError, or the signal's reason
 */
export async function ensure<T>(ways: Ways<T>, options: EnsureOptions): Promise<T> {
  const env = options.env ?? process.env;
  const context: StepContext = {
    env,
    cache: cacheFolder(env),
    progress: options.progress ?? silentProgress,
    signal: options.signal ?? new AbortController().signal,
  };
  const tried: string[] = [];
  const absent: string[] = [];
  const found = await first(ways, ways.quick, context, tried, absent);
  if (found !== undefined) return found;
  if (absent.length > 0) context.progress.line(`${ways.what}: not there: ${absent.join(', ')}.`);

  mkdirSync(path.join(context.cache, 'work'), { recursive: true });
  const lock = await waitForLock(
    path.join(context.cache, `${ways.what.toLowerCase()}.lock`),
    context.signal,
    (holder) => context.progress.line(`${ways.what}: process ${holder.pid} is getting it; waiting.`),
  );
  try {
    const fetchedByOther = await first(ways, ways.quick, { ...context, progress: silentProgress }, [], []);
    const result = fetchedByOther ?? (await first(ways, ways.slow, context, tried, absent));
    if (result !== undefined) return result;
    throw new NoWayError(ways.what, [...absent.map((name) => `${name}: not there`), ...tried], ways.waysOut);
  } finally {
    lock.release();
  }
}

async function first<T>(
  ways: Ways<T>,
  steps: readonly Step<T>[],
  context: StepContext,
  tried: string[],
  absent: string[],
): Promise<T | undefined> {
  for (const step of steps) {
    try {
      const found = await step.run(context);
      if (found !== undefined) return found;
      absent.push(step.name);
    } catch (error) {
      context.signal.throwIfAborted();
      tried.push(`${step.name}: ${reasonOf(error)}`);
      context.progress.line(`${ways.what}: ${step.name}: ${reasonOf(error)}`);
    }
  }
  return undefined;
}
