/** How a tracker names a ticket; one of the two at least. */
export interface TicketName {
  externalId: string | null;
  externalRef: string | null;
}

export interface TrackerStatus {
  /** The tracker's own: Jira's status id, ServiceNow's state. */
  id: string;
  /** For people, in their language. */
  name: string;
  /** Whether work on the ticket has ended. Null where it did not say. */
  isDone: boolean | null;
}

export interface TrackerComment {
  externalCommentId: string;
  author: string;
  /** Readable text, whatever it was written in; never empty. */
  body: string;
  /** When it was made or last edited, whichever is later. */
  at: Date | null;
  isEdited: boolean;
  /** The id of our comment that this one was pushed as, by the mark on it; null where it bears none. */
  ours: string | null;
}

/** Something that happened to a ticket over there. */
export interface RemoteChange {
  ticket: TicketName;
  /** The same on each try of one delivery; null where the tracker gives none. */
  eventId: string | null;
  occurredAt: Date | null;
  status: TrackerStatus | null;
  comments: TrackerComment[];
}

/** A ticket as a look at the tracker finds it. */
export interface TrackedTicket {
  externalId: string;
  externalRef: string | null;
  status: TrackerStatus;
  /** The tracker's own clock. */
  updatedAt: Date;
}

/** One thing that was looked at when a connection is tested, in a sentence for its admin. */
export interface TrackerCheck {
  /** `credentials`, `project`, `issue_type`, `fields`, `statuses`; `table`, `close_code`… */
  id: string;
  /** `attention`: it works, with less. `missing`: tickets would fail. */
  status: 'ready' | 'attention' | 'missing';
  detail: string;
}

/**
 * What a tracker with a dialect of its own tells: by webhooks, when it is polled, and when it is tested. The calls throw nothing but
 * ProviderError.
 */
export interface TrackerSide {
  /** Where its webhooks carry `sha256=<hex HMAC-SHA256(raw body)>`; in lower case. */
  readonly signatureHeader: 'x-hub-signature' | 'x-signature';
  /**
   * Reads a webhook whose signature holds.
   * @param header one of its headers, by its name in lower case
   * @returns null for what is of no ticket and no comment
   * @throws UnreadableNews for what is none of this tracker's
   */
  read(body: unknown, header: (name: string) => string | undefined): RemoteChange | null;
  /** Our tickets that changed at or after this time, the oldest change first; page after page. */
  changedSince(since: Date, options: { signal: AbortSignal }): AsyncIterable<TrackedTicket>;
  /** A ticket's comments that were made or edited at or after this time, the oldest first. */
  commentsSince(ticket: TicketName, since: Date, options: { signal: AbortSignal }): Promise<TrackerComment[]>;
  /** @throws ProviderError, final, when it is gone */
  fetchTicket(ticket: TicketName, options: { signal: AbortSignal }): Promise<TrackedTicket>;
  /** Never throws for what it finds: that is an entry. */
  check(options: { signal: AbortSignal }): Promise<TrackerCheck[]>;
}

/** A verified webhook that cannot be understood; `path` and `message` are for its sender. */
export class UnreadableChange extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'UnreadableNews';
  }
}
