import type { HeartbeatInput } from './heartbeat.js';
import type { ChannelDue } from './notifications.js';

/** The input of the `escalation` workflow. It is part of the history, so it carries ids and durations only. */
export interface EscalationInput extends HeartbeatInput {
  orgId: string;
  escalationId: string;
  severity: string;
  /** How long the workflow of its ticket keeps running after the ticket was closed. Default: `closedTicketLingerMs`. */
  ticketLingerMs?: number;
}

export type SlaClock = 'acknowledge' | 'resolve';

/** The state of an escalation after a drain. It is part of the history, so it carries ids, counters and codes only. */
export interface EscalationState {
  appliedSeq: number;
  kind: 'review' | 'approval';
  status: 'open' | 'claimed' | 'resolved';
  severity: string;
  breached: SlaClock | null;
  /** When the next SLA clock runs out, in ms since 1970; null when none runs. */
  nextDueAt: number | null;
  nextClock: SlaClock | null;
  /** Ids of actors, or of the keys that they used. */
  claimedBy: string | null;
  resolvedBy: string | null;
  resolution: string | null;
  /** The live link's id. */
  ticketLink: string | null;
  /** The escalation changed during the drain; another one is due. */
  more: boolean;
}

/** A ticket whose workflow has not been started yet. */
export interface TicketToOpen {
  linkId: string;
  provider: string;
}

export interface EscalationDrain {
  state: EscalationState;
  ticket: TicketToOpen | null;
  /** The channels that notifications are due for. */
  channels: ChannelDue[];
}

/** Activities of the escalation workflow. Texts stay in MongoDB. */
export interface EscalationActivities {
  /**
   * Performs what follows from everything that has happened to an escalation.
   * @throws EscalationNotFound (final), StoreUnavailable (retried)
   */
  drainEscalation: (input: { escalationId: string }) => Promise<EscalationDrain>;
}
