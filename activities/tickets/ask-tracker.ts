import type { TicketName, TrackerSide } from '../../src/integrations/tracker-side.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { providerOf, type Try } from './context.js';
import { callProvider } from './settle.js';

/**
 * Asks a link's tracker to confirm something that a webhook reported.
 * @param what the question, for an operator's error message
 * @returns null when the tracker has no inbound dialect, or refuses to answer; transient errors are thrown and retried
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
  // The refused question is about the tracker's report, not about a write to it, so the link stays as it is.
  run.logger.warn({ link: link._id, code: outcome.error.code }, `The tracker refused a ${what}`);
  return null;
}
