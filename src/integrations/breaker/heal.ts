import type { Logger } from '../../observability/logger.js';
import type { TrackerStates, Versioned } from './states.js';

/** Lets the calls of a scope through again, where they were held back for refused credentials. */
export async function healTracker(deps: { states: TrackerStates; logger: Logger }, here: Versioned): Promise<void> {
  if (await deps.states.heal(here)) deps.logger.warn({ scope: here.scope }, "A tracker's calls are let through again");
}
