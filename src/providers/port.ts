import type { Severity } from '../tickets/severity.js';

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
  severity: string | null;
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
}

export interface CreatedTicket {
  externalId: string;
  /** http(s), or null. */
  externalUrl: string | null;
  externalStatus: string | null;
}

export interface OutboundComment {
  /** Ours, the same on every try. */
  key: string;
  author: string;
  body: string;
  occurredAt: Date;
}

export interface PushedComment {
  externalCommentId: string | null;
  /** A comment that the tracker made in answer, if any. */
  echo: { externalCommentId: string; author: string; body: string } | null;
}

export interface ClosedTicket {
  externalStatus: string | null;
}

export interface CallOptions {
  /** Aborts when the worker shuts down or the try is no longer wanted. */
  signal: AbortSignal;
  /** Whether this command may have reached the tracker before: look for its key first, where the tracker can. */
  repeated: boolean;
}

/** A tracker. Every method may be called twice with the same key, and throws nothing but ProviderError. */
export interface TicketProvider {
  readonly name: ProviderName;
  create(draft: TicketDraft, options: CallOptions): Promise<CreatedTicket>;
  comment(ticket: TicketRef, comment: OutboundComment, options: CallOptions): Promise<PushedComment>;
  close(ticket: TicketRef, options: CallOptions & { key: string; occurredAt: Date }): Promise<ClosedTicket>;
}

export const providerNames = ['mock', 'webhook', 'jira', 'servicenow'] as const;
export type ProviderName = (typeof providerNames)[number];
