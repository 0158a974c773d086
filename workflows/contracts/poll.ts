import type { HeartbeatInput } from './heartbeat.js';

/** The input of the `poll` workflow. It is part of the history, so it carries ids and durations only. */
export interface PollInput extends HeartbeatInput {
  /** A connection's id, or `env-jira`, `env-servicenow`. */
  name: string;
  /** Null for a tracker that the environment configures. */
  orgId: string | null;
  provider: string;
}

export type PollWorkflow = (input: PollInput) => Promise<PollResult>;

/** What a poll found. It is part of the history, so it carries counters and codes only. */
export interface PollResult {
  /** Milliseconds since 1970. */
  at: number;
  /** Tickets of ours that had changed. */
  changed: number;
  /** Comments and changes of status that no webhook had brought. */
  comments: number;
  statuses: number;
  /** The poll stopped because it ran for long; the next one continues there. */
  more: boolean;
  /** A short code of what failed; the next poll tries that part again. */
  failed: string | null;
}

export interface PollActivities {
  /**
   * Asks one tracker for changes. A tracker that does not answer is a result, not a failure: the next poll asks again.
   * @throws StoreUnavailable, Unexpected (both retried)
   */
  pollTracker: (input: { name: string }) => Promise<PollResult>;
}
