import type { PollResult } from '../../../workflows/contracts/poll.js';
import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { ProviderError } from '../../lib/provider-errors.js';
import type { TrackedTicket, TrackerSide } from '../../integrations/tracker-side.js';
import type { TicketSignaler } from '../../temporal/ticket-signaler.js';
import { findLinkOf } from '../inbound/find-link.js';
import type { FindScope, InboundScope } from '../inbound/scope.js';
import type { TicketStore } from '../store.js';
import type { PollDoc } from './model.js';
import { scopeOfPoll } from './names.js';
import { takeOver } from './take-over.js';
import { createWindow, type PollWindow } from './window.js';

export interface PollDeps {
  store: TicketStore;
  polls: Model<PollDoc>;
  findScope: FindScope;
  signaler: Pick<TicketSignaler, 'wake'>;
  timings: Pick<Timings, 'polls'>;
}

/** A poll stops after so many tickets, or so long. */
const maxTickets = 500;
/** Tickets that were seen before, or are linked nowhere, included. */
const maxSeen = 5_000;
const maxRunMs = 60_000;
/** What is wrong with one ticket only: it is gone, or not to be seen any more. */
const ofOneTicket = new Set(['http_400', 'http_404', 'http_410', 'list_too_long', 'list_endless']);

/**
 * Asks a tracker which of its tickets changed, and takes over what no webhook brought. Everything has an id that is derived from
 * what it says, so a poll that dies, or two at once, add nothing twice; the watermark moves last.
 * @param name a connection's id, or `env-jira`, `env-servicenow`
 */
export async function pollTracker(deps: PollDeps, name: string, signal: AbortSignal): Promise<PollResult> {
  const at = new Date();
  const result = { at: at.getTime(), changed: 0, comments: 0, statuses: 0, more: false, failed: null };
  const scope = await deps.findScope(scopeOfPoll(name));
  if (!scope) return { ...result, failed: 'gone' };
  const { resolved } = scope;
  if (resolved.status !== 'ready') return { ...result, failed: resolved.status };
  const { tracker } = resolved.provider;
  if (!tracker) return { ...result, failed: 'no_dialect' };
  const window = createWindow(deps.timings.polls, await deps.polls.findById(name).lean<PollDoc | null>(), at);
  const polled = { ...result, ...(await readChanges(deps, { scope, tracker, window, signal })) };
  const { changed, comments, statuses, failed } = polled;
  await deps.polls.updateOne(
    { _id: name },
    { $set: { ...window.reached(), last_run_at: at, changed, comments, statuses, failed } },
    { upsert: true },
  );
  return polled;
}

interface Reading {
  scope: InboundScope;
  tracker: TrackerSide;
  window: PollWindow;
  signal: AbortSignal;
}

type Found = Pick<PollResult, 'changed' | 'comments' | 'statuses' | 'more' | 'failed'>;

/** Reads what changed, the oldest first; what fails in between keeps what was read. */
async function readChanges(deps: PollDeps, reading: Reading): Promise<Found> {
  const { tracker, window, signal } = reading;
  const found: Found = { changed: 0, comments: 0, statuses: 0, more: false, failed: null };
  const endsAt = Date.now() + maxRunMs;
  let seen = 0;
  try {
    for await (const ticket of tracker.changedSince(window.since, { signal })) {
      if (signal.aborted) return { ...found, more: true };
      seen += 1;
      const isEnough = found.changed >= maxTickets || seen > maxSeen || Date.now() > endsAt;
      if (isEnough) return { ...found, more: true };
      await readTicket(deps, reading, ticket, found);
    }
    window.complete();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    found.failed = error.code;
  }
  return found;
}

async function readTicket(
  { store, signaler }: PollDeps,
  { scope, tracker, window, signal }: Reading,
  ticket: TrackedTicket,
  found: Found,
): Promise<void> {
  // One that is not linked may be ours all the same, and not on record yet: it is looked at again as long as it is in sight.
  const link = window.isSeen(ticket) ? null : await findLinkOf(store, scope, ticket);
  if (!link) {
    window.pass(ticket);
    return;
  }
  found.changed += 1;
  try {
    const comments = await tracker.commentsSince(ticket, window.commentsSince, { signal });
    const taken = await takeOver(store, scope, link, { ticket, comments });
    found.comments += taken.comments;
    found.statuses += taken.statuses;
    if (taken.comments + taken.statuses > 0) void signaler.wake(link);
  } catch (error) {
    if (!(error instanceof ProviderError) || !ofOneTicket.has(error.code)) throw error;
    found.failed = error.code;
  }
  window.see(ticket);
}
