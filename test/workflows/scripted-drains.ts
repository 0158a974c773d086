import { scriptedTries, type Try } from './scripted-tries.js';
import type { DrainResult } from '../../workflows/contracts/ticket.js';

/** One try of the activity, which a test answers. */
export type Drain = Try<DrainResult>;

const open: DrainResult = {
  appliedSeq: 1,
  held: false,
  more: false,
  lifecycle: 'open',
  provider: 'mock',
  externalId: 'T-1',
};

/** The ticket activities as a script, by the link's id. */
export function scriptedDrains() {
  const { run, next, untaken, endAll } = scriptedTries(open, 'TrackerUnavailable');
  return { activities: { drainTicket: ({ linkId }: { linkId: string }) => run(linkId) }, next, untaken, endAll };
}
