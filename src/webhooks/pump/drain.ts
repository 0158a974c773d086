import { setTimeout as sleep } from 'node:timers/promises';
import type { Parts } from './parts.js';

const drainMs = 5_000;
/** What is left of that is for storing what came. */
const finishMs = 4_000;

type DrainParts = Pick<Parts, 'stop' | 'lanes' | 'outcomes' | 'holdings' | 'cutOff'>;

/** Begins nothing more, finishes what is in flight, gives back the rest, and stores all that. It takes five seconds at most. */
export async function drain(parts: DrainParts, holdsLease: () => boolean): Promise<void> {
  const { lanes, outcomes, holdings } = parts;
  const finishBy = Date.now() + finishMs;
  const endsAt = Date.now() + drainMs;
  parts.stop();
  while (lanes.inFlight() > 0 && Date.now() < finishBy && holdsLease()) await sleep(20);
  parts.cutOff();
  do {
    await sleep(5);
    await outcomes.drain(endsAt);
  } while (holdings.size() > 0 && Date.now() < endsAt);
}
