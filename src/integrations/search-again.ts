import { setTimeout as sleep } from 'node:timers/promises';
import { aborted } from '../lib/provider-errors.js';

export interface SearchAgain<T> {
  /** When the create was sent whose outcome is not known. */
  sentAt: Date;
  /** When to look, from `sentAt`, ascending; times that are past are one look at once. */
  lookAfterMs: readonly number[];
  /** When to look for the last time. */
  createAgainAfterMs: number;
  signal: AbortSignal;
  search: () => Promise<T | null>;
}

/**
 * Looks for what may have been made, for as long as a search may lag.
 * @returns null when it was not there in the end: it may be made again
 * @throws ProviderError `aborted`, and what `search` throws
 */
export async function searchAgain<T>(options: SearchAgain<T>): Promise<T | null> {
  const { sentAt, lookAfterMs, createAgainAfterMs, signal, search } = options;
  // Two clocks may differ: nobody waits for a time that is yet to be sent at.
  const start = Math.min(sentAt.getTime(), Date.now());
  const times = [...lookAfterMs.filter((ms) => ms < createAgainAfterMs), createAgainAfterMs].map((ms) => start + ms);
  const past = times.filter((time) => time <= Date.now());
  for (const time of [...past.slice(-1), ...times.slice(past.length)]) {
    await until(time, signal);
    const found = await search();
    if (found !== null) return found;
  }
  return null;
}

async function until(time: number, signal: AbortSignal): Promise<void> {
  const ms = time - Date.now();
  if (ms <= 0) return;
  await sleep(ms, undefined, { signal }).catch(() => Promise.reject(aborted()));
}
