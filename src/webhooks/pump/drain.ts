import { setTimeout as sleep } from 'node:timers/promises';
import type { Parts } from './parts.js';

/** The share of the time that requests in flight may take; the rest is for storing outcomes. */
const finishShare = 0.8;

type DrainParts = Pick<Parts, 'stop' | 'queues' | 'outcomes' | 'registry' | 'cutOff'>;

/** Starts nothing more, finishes requests in flight, releases the rest, and stores all outcomes, within `drainMs`. */
export async function drain(parts: DrainParts, holdsLease: () => boolean, drainMs: number): Promise<void> {
  const { queues, outcomes, registry } = parts;
  const finishBy = Date.now() + drainMs * finishShare;
  const endsAt = Date.now() + drainMs;
  parts.stop();
  while (queues.inFlight() > 0 && Date.now() < finishBy && holdsLease()) await sleep(20);
  parts.cutOff();
  do {
    await sleep(5);
    await outcomes.drain(endsAt);
  } while (registry.size() > 0 && Date.now() < endsAt);
}
