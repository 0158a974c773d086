import { parseJsonBody } from '../../http/json.js';
import { notFound, unprocessable } from '../../http/problem.js';
import { UnreadableChange, type RemoteChange, type TrackerSide } from '../../integrations/tracker-side.js';
import type { InboundResult } from '../commands/model.js';
import type { TicketStore } from '../store.js';
import { acceptWrites, type AcceptDeps } from './accept.js';
import { findLinkOf } from './find-link.js';
import { writesOf } from './from-remote-change.js';
import type { InboundScope } from './scope.js';

export interface DialectInboundDeps extends AcceptDeps {
  store: TicketStore;
}

/** One of a request's headers, by its name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * Accepts a verified webhook in its tracker's own dialect. One that is of no ticket and no comment changes nothing.
 * @returns what it changed, or `queued` when it will be applied later
 * @throws 400, 422 for what it is, 404 for a ticket that is not linked; nothing is changed then
 */
export async function receiveDialect(
  deps: DialectInboundDeps,
  scope: InboundScope,
  tracker: TrackerSide,
  given: { rawBody: Buffer; header: HeaderOf },
): Promise<InboundResult | 'queued'> {
  const change = read(tracker, parseJsonBody(given.rawBody, 'application/json'), given.header);
  if (change === null) return { comment: false, status: false };
  const link = await findLinkOf(deps.store, scope, change.ticket);
  if (!link) throw notFound('ticket: no live link has its id');
  return acceptWrites(deps, link, writesOf(change, scope));
}

function read(tracker: TrackerSide, body: unknown, header: HeaderOf): RemoteChange | null {
  try {
    return tracker.read(body, header);
  } catch (error) {
    if (error instanceof UnreadableChange) throw unprocessable([{ path: error.path, message: error.message }]);
    throw error;
  }
}
