import type { Activity, ActivityOf } from './activity.js';

/** The activities of several endpoints. @param withinMs how old they may be */
export type ActivitiesOf = (endpointIds: readonly string[], withinMs: number) => Promise<Map<string, Activity>>;

interface Kept {
  at: number;
  value: Activity;
}

/** Younger than this it is as good as new. */
const freshMs = 5_000;
const maxKept = 2_000;
/** Read at once: a list of many is not to keep everybody else from MongoDB. */
const maxAtOnce = 4;

/**
 * Keeps what was read for a while, in this process. What is older than a few seconds, and young enough for who asks, is given at
 * once and read anew meanwhile: a list is quick whenever it was looked at before.
 */
export function createActivities(activityOf: ActivityOf): ActivitiesOf {
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<Activity>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function read(id: string): Promise<Activity> {
    if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      const value = await activityOf(id);
      if (kept.size >= maxKept) kept.clear();
      kept.set(id, { at: Date.now(), value });
      return value;
    } finally {
      running--;
      reading.delete(id);
      waiting.shift()?.();
    }
  }

  /** Who asks while it is read gets the same. */
  function reread(id: string): Promise<Activity> {
    const begun = reading.get(id);
    if (begun) return begun;
    const started = read(id);
    reading.set(id, started);
    return started;
  }

  function one(id: string, withinMs: number): Promise<Activity> {
    const known = kept.get(id);
    const ageMs = known ? Date.now() - known.at : Infinity;
    if (!known || ageMs > Math.max(withinMs, freshMs)) return reread(id);
    // What goes wrong meanwhile, who asks later is told.
    if (ageMs > freshMs) reread(id).catch(() => undefined);
    return Promise.resolve(known.value);
  }

  return async (ids, withinMs) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await one(id, withinMs)] as const)));
}
