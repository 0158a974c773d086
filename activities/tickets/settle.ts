import { ProviderError, TrackerUnreachable } from '../../src/lib/provider-errors.js';
import type { CommandDoc, InboundResult } from '../../src/tickets/commands/model.js';
import type { LastSent, LinkDoc } from '../../src/tickets/links/model.js';
import { retryDelayMs } from '../../src/tickets/retry.js';
import { notYet, trackerUnavailable, workerStopping } from '../failures.js';
import type { Try } from './context.js';

/** Two clocks may disagree by this much about the end of a wait. */
const toleranceMs = 100;

export type LinkChange = Partial<LinkDoc>;

/**
 * The outcome of a command at the provider: done, or refused for good. Transient errors are thrown as retryable
 * failures.
 */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: ProviderError };

/**
 * Calls a provider. A transient error is noted on the link with the time of the next retry, and thrown for Temporal to
 * wait; a permanent error is returned. Any earlier attempt, for example by a new run of the workflow, waits for that
 * time too.
 * @param what the command's kind for messages: `ticket`, `comment`, `closing`
 */
export async function callProvider<T>(
  run: Try,
  link: LinkDoc,
  what: string,
  call: () => Promise<T>,
): Promise<Outcome<T>> {
  const tooEarlyMs = (link.next_try_at?.getTime() ?? 0) - Date.now();
  if (tooEarlyMs > toleranceMs) throw notYet(what, tooEarlyMs);
  try {
    await run.atPoint?.('before_provider', link);
    const value = await call();
    await run.atPoint?.('after_provider', link);
    return { ok: true, value };
  } catch (error) {
    if (run.signal.aborted) throw workerStopping();
    if (!(error instanceof ProviderError)) throw error;
    if (!error.retryable) return { ok: false, error };
    // Nobody was called.
    if (error.code === 'tracker_busy') throw notYet(what, error.retryAfterMs ?? run.timings.retries.firstMs);
    if (error instanceof TrackerUnreachable) throw await unreachable(run, link, what, error);
    const tries = link.tries + 1;
    const { retries, sweep } = run.timings;
    const delayMs = retryDelayMs(retries, tries, error.retryAfterMs);
    const now = new Date();
    await run.store.links.updateOne(
      { _id: link._id, live: true },
      {
        $set: {
          tries,
          sync_state: 'pending',
          last_error: error.message,
          unreachable_since: null,
          updated_at: now,
          next_try_at: new Date(now.getTime() + delayMs),
          ring_after: new Date(now.getTime() + delayMs + sweep.retryGraceMs),
        },
      },
    );
    throw trackerUnavailable(error, what, delayMs);
  }
}

/** Notes since when the tracker hasn't answered. That is no try of the command, so its delays don't grow. */
async function unreachable(run: Try, link: LinkDoc, what: string, error: TrackerUnreachable): Promise<Error> {
  const { since, message, retryAfterMs } = error;
  const now = new Date();
  const delayMs = retryAfterMs ?? run.timings.retries.firstMs;
  const nextTryAt = new Date(now.getTime() + delayMs);
  await run.store.links.updateOne(
    { _id: link._id, live: true },
    {
      $set: {
        sync_state: 'pending',
        last_error: message,
        unreachable_since: since,
        updated_at: now,
        next_try_at: nextTryAt,
        ring_after: new Date(nextTryAt.getTime() + run.timings.sweep.retryGraceMs),
      },
    },
  );
  if (link.unreachable_since?.getTime() !== since.getTime() || run.attempt === 1) run.showUnreachable?.(link, since);
  return trackerUnavailable(error, what, delayMs);
}

/**
 * The link's fields after the tracker accepted something. The link is synced unless a wanted closing is still missing.
 */
export function synced(link: Pick<LinkDoc, 'state' | 'close_applied' | 'close_error'>, now: Date): LinkChange {
  const closing = link.state === 'closed' && !link.close_applied;
  const unclosed = link.close_error === null ? 'pending' : 'error';
  return {
    sync_state: closing ? unclosed : 'synced',
    last_error: closing ? link.close_error : null,
    tries: 0,
    next_try_at: null,
    unreachable_since: null,
    last_synced_at: now,
    updated_at: now,
  };
}

/** The link's fields after the tracker accepted a write just now. */
export function sent(
  kind: LastSent['kind'],
  link: Pick<LinkDoc, 'state' | 'close_applied' | 'close_error'>,
  now: Date,
): LinkChange {
  return { ...synced(link, now), last_sent: { kind, at: now } };
}

/** The link's fields after a permanent refusal. */
export function refused(error: ProviderError, now: Date): LinkChange {
  return {
    ...{ sync_state: 'error', last_error: error.message, tries: 0, next_try_at: null, updated_at: now },
    unreachable_since: null,
  };
}

/**
 * Settles a command, then moves the link past it. After a crash between the two, the next drain finds the settled
 * command and moves the link by the change stored in it.
 * @returns the link as it is now
 */
export async function settle(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  outcome: { status: 'applied' | 'failed' | 'cancelled'; error?: string; result?: InboundResult },
  change: LinkChange = {},
): Promise<LinkDoc> {
  await run.atPoint?.('before_settle', link);
  await run.store.commands.updateOne(
    { _id: command._id },
    {
      $set: {
        status: outcome.status,
        error: outcome.error ?? null,
        result: outcome.result ?? null,
        link_change: change,
        settled_at: new Date(),
      },
    },
  );
  count(run, link, command.payload.kind, outcome.status, command.created_at);
  await run.atPoint?.('after_settle', link);
  return moveTo(run, link, command.seq, change);
}

/** Counts an outcome; after a crash it may count twice. @param since when the command was accepted */
export function count(run: Try, link: LinkDoc, kind: string, outcome: CommandDoc['status'], since: Date): void {
  run.metrics?.commandSettled({
    kind,
    provider: link.provider,
    outcome,
    seconds: (Date.now() - since.getTime()) / 1_000,
  });
}

/** Moves the link to a settled command. */
export async function moveTo(run: Try, link: LinkDoc, seq: number, change: LinkChange = {}): Promise<LinkDoc> {
  const moved = await run.store.links
    .findOneAndUpdate(
      { _id: link._id, applied_seq: seq - 1 },
      { $set: { ...change, applied_seq: seq } },
      { returnDocument: 'after' },
    )
    .lean<LinkDoc | null>();
  // Another attempt, presumed dead, was faster: continue from its result.
  return moved ?? (await reload(run, link));
}

export async function reload(run: Try, link: LinkDoc): Promise<LinkDoc> {
  return (await run.store.links.findById(link._id).lean<LinkDoc | null>()) ?? link;
}
