import type { MappedSeverity, Severity } from '../lib/severity.js';
import type { TrackerSide } from './tracker-side.js';

/** What a ticket is made from. `key` is ours, one a link and the same on every try: a provider looks for it before it creates again. */
export interface TicketDraft {
  key: string;
  orgId: string;
  linkId: string;
  title: string;
  description: string;
  /** The subject's page in the console, or its `review_url`; http(s). */
  url: string;
  /** In the tracker's own terms, already mapped; null where the subject has none. */
  severity: MappedSeverity | null;
  metadata: TicketMetadata;
  occurredAt: Date;
}

export interface TicketMetadata {
  subject_type: 'evidence_request' | 'escalation';
  subject_id: string;
  severity: Severity | null;
  gateway: string | null;
  actor: string | null;
  policy: string | null;
  reason: string | null;
}

export interface TicketRef extends TicketDraft {
  externalId: string;
  /** As the create answered it. */
  externalRef: string | null;
}

export interface CreatedTicket {
  /** What people call the ticket: `SEC-1`, `INC0010001`. */
  externalId: string;
  /** The tracker's inner id, where it has another one; it outlives renaming and moving. */
  externalRef?: string | null;
  /** http(s), or null. */
  externalUrl: string | null;
  /** In the tracker's terms; null where it did not say. */
  externalStatus: string | null;
}

export interface OutboundComment {
  /** The command's, the same on every try: what a receiver knows a repetition by. */
  key: string;
  /** The comment's own id (`cmt_…`), where it is not the key. */
  id?: string;
  author: string;
  body: string;
  occurredAt: Date;
}

export interface PushedComment {
  /** Null where the tracker gave none. */
  externalCommentId: string | null;
  /** A comment that the tracker made in answer, if any. */
  echo: { externalCommentId: string; author: string; body: string } | null;
}

export interface ClosedTicket {
  /** In the tracker's terms; null where it did not say: what is known stays. */
  externalStatus: string | null;
}

export interface CallOptions {
  /** Aborts when the worker shuts down or the try is no longer wanted. */
  signal: AbortSignal;
  /** Whether this command may have reached the tracker before: look for its key first, where the tracker can. */
  repeated: boolean;
}

/**
 * Of a create alone, for trackers where it can be looked for. A search may lag, so what is not found within
 * half a minute of `sentAt`, and not before, is made again.
 */
export interface CreateOptions extends CallOptions {
  /** To be awaited right before the request that makes the ticket: that it was sent is on record then. */
  sending?: () => Promise<void>;
  /** To be awaited when that very request was refused (`mayHaveArrived` is false of its error): nothing was made. */
  refused?: () => Promise<void>;
  /** When such a request was last sent without an answer that settles it; null: never. Undefined: nobody knows, look once. */
  sentAt?: Date | null;
}

/** A tracker. Every method may be called twice with the same key, and throws nothing but ProviderError. */
export interface TicketProvider {
  readonly name: ProviderName;
  create(draft: TicketDraft, options: CreateOptions): Promise<CreatedTicket>;
  comment(ticket: TicketRef, comment: OutboundComment, options: CallOptions): Promise<PushedComment>;
  close(ticket: TicketRef, options: CallOptions & { key: string; occurredAt: Date }): Promise<ClosedTicket>;
  /** What it says by itself; absent where only our generic dialect is spoken. */
  readonly tracker?: TrackerSide;
  /** Ends kept-alive connections, when the process stops. */
  dispose?(): Promise<void>;
}

export const providerNames = ['mock', 'webhook', 'jira', 'servicenow'] as const;
export type ProviderName = (typeof providerNames)[number];
