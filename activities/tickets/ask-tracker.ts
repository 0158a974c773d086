import type { TicketName, TrackerSide } from '../../src/integrations/tracker-side.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { providerOf, type Try } from './context.js';
import { callProvider } from './settle.js';

/**
 * Asks a link's tracker something before what it said is believed.
 * @param what for an operator, should it not answer
 * @returns null when it has no dialect of its own, or refuses to answer; what may heal is thrown, and tried again
 */
export async function askTracker<T>(
  run: Try,
  link: LinkDoc,
  what: string,
  ask: (tracker: TrackerSide, ticket: TicketName, options: { signal: AbortSignal }) => Promise<T>,
): Promise<T | null> {
  const ticket = { externalId: link.external_id, externalRef: link.external_ref };
  const outcome = await callProvider(run, link, what, async () => {
    const { tracker } = await providerOf(run, link);
    return tracker ? ask(tracker, ticket, { signal: run.signal }) : null;
  });
  if (outcome.ok) return outcome.value;
  // It is about what the tracker says, not about what it is to take: the link stays as it is.
  run.logger.warn({ link: link._id, code: outcome.error.code }, `The tracker refused a ${what}`);
  return null;
}
