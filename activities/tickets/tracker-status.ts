import type { CommandDoc, InboundPayload, TrackerDetails } from '../../src/tickets/commands/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { askTracker } from './ask-tracker.js';
import type { Try } from './context.js';
import { synced, type LinkChange } from './settle.js';
import { isReplaced, replaceTicket } from './replace-ticket.js';

type Status = NonNullable<TrackerDetails['status']>;

interface AppliedStatus {
  applied: boolean;
  change: LinkChange;
}

/**
 * Applies a status that a tracker reported. The link shows it; the subject follows by the status map only.
 * A report that is older than the last applied one is dropped. The tracker itself is asked where a stale report would
 * do harm (on a ticket that we closed) and where times decide nothing. A status that the tracker no longer shows is
 * dropped, because the newer one gets a report of its own. A refused question confirms nothing.
 * A ticket that we closed in the tracker and that is open again follows the policy of its scope: `reopen`, the default,
 * opens the link again; `new_ticket` leaves that ticket alone and opens another one; `ignore` only shows the status.
 */
export async function applyTrackerStatus(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  { status: name, occurred_at: occurredAt, tracker }: InboundPayload,
): Promise<AppliedStatus> {
  const status = tracker?.status;
  if (name === null || !status) return nothing(link);
  if (!status.confirm && isOlder(occurredAt, link.status_occurred_at)) return nothing(link);
  const reported = { name, status, occurredAt, isOpenAgain: false };
  if (status.on_reopen === 'new_ticket' && isClosedByUs(link) && (await isReplaced(run, command))) {
    reported.isOpenAgain = true;
  } else if (needsCheck(link, reported)) {
    const seen = await askTracker(run, link, 'question for the current status', (tracker_, ticket, options) =>
      tracker_.fetchTicket(ticket, options),
    );
    if (seen?.status.id !== status.id) return nothing(link);
    reported.occurredAt = later(occurredAt, seen.updatedAt);
    reported.isOpenAgain = isClosedByUs(link) && seen.status.isDone === false;
  }
  return take(run, link, command, reported);
}

interface ReportedStatus {
  name: string;
  status: Status;
  occurredAt: Date | null;
  /** Whether the tracker confirms that a ticket we closed is open again. */
  isOpenAgain: boolean;
}

async function take(run: Try, link: LinkDoc, command: CommandDoc, reported: ReportedStatus): Promise<AppliedStatus> {
  const now = new Date();
  const shown: LinkChange = {
    ...healed(link, now),
    external_status: reported.name,
    status_occurred_at: later(reported.occurredAt, link.status_occurred_at),
    updated_at: now,
  };
  if (!reported.isOpenAgain) {
    await applyToSubject(run, link, reported.status);
    return { applied: true, change: shown };
  }
  switch (reported.status.on_reopen) {
    case 'ignore':
      return { applied: true, change: shown };
    case 'reopen': {
      await applyToSubject(run, link, reported.status);
      const open = { state: 'open', close_applied: false, close_error: null } as const;
      return { applied: true, change: { ...shown, ...synced({ ...link, ...open }, now), ...open, closed_at: null } };
    }
    case 'new_ticket': {
      await applyToSubject(run, link, reported.status);
      return { applied: true, change: { ...shown, ...(await replaceTicket(run, link, command)) } };
    }
  }
}

/** Whether the tracker has accepted our closing. */
const isClosedByUs = (link: LinkDoc) => link.state === 'closed' && link.close_applied;

function needsCheck(link: LinkDoc, { name, status, occurredAt }: ReportedStatus): boolean {
  if (status.confirm) return true;
  if (isClosedByUs(link) && status.is_done !== true) return true;
  const isTie = occurredAt !== null && occurredAt.getTime() === link.status_occurred_at?.getTime();
  return isTie && name !== link.external_status;
}

async function applyToSubject(run: Try, link: LinkDoc, { subject_status: status }: Status): Promise<void> {
  const subject = run.subjects[link.subject.type];
  if (status === null || subject.statuses?.includes(status) === false) return;
  await subject.applyStatus(link.org_id, link.subject.id, status);
}

const nothing = (link: LinkDoc): AppliedStatus => ({ applied: false, change: healed(link, new Date()) });

/** An earlier failed question has left its error on the link; this clears it. */
const healed = (link: LinkDoc, now: Date): LinkChange => (link.tries > 0 ? synced(link, now) : {});

const isOlder = (at: Date | null, than: Date | null) => at !== null && than !== null && at < than;

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
