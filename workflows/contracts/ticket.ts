import type { HeartbeatInput } from './heartbeat.js';

/** The input of the `ticket` workflow. It is part of the history, so it carries ids and durations only. */
export interface TicketInput extends HeartbeatInput {
  orgId: string;
  linkId: string;
  subject: { type: string; id: string };
  /** How long the workflow keeps running for late comments after its ticket was closed. */
  lingerMs: number;
}

export type TicketWorkflow = (input: TicketInput) => Promise<void>;

/** The state of a link after a drain. It is part of the history, so it carries ids, counters and codes only. */
export interface DrainResult {
  appliedSeq: number;
  /** The tracker refused to create the ticket, which blocks the commands behind it. */
  held: boolean;
  /** The drain stopped because it ran for long; more commands are due. */
  more: boolean;
  lifecycle: 'pending' | 'open' | 'closed' | 'error' | 'unlinked';
  provider: string;
  externalId: string | null;
  /** The last write that the tracker took, and when, in ms since 1970. Absent before the first one, and in old histories. */
  lastSent?: { kind: 'create' | 'comment' | 'close'; at: number };
}

/** Activities of the ticket workflow. Texts and secrets stay in MongoDB. */
export interface TicketActivities {
  /**
   * Applies every command that is due for a link.
   * @throws TrackerUnavailable (retried), LinkNotFound (final), StoreUnavailable (retried)
   */
  drainTicket: (input: { linkId: string }) => Promise<DrainResult>;
}
