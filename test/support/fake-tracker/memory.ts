/** What arrives from us, as a receiver would declare it by the contract. */
export interface TrackerEvent {
  event: string;
  id: string;
  org_id: string;
  occurred_at: string;
  ticket: {
    external_id: string;
    link_id: string;
    title: string;
    description: string;
    url: string;
    severity: string | null;
    metadata: Record<string, unknown>;
  };
  comment?: { id: string; author: string; body: string };
}

export interface FakeComment {
  externalCommentId: string;
  /** Ours, as it was sent. */
  id: string;
  author: string;
  body: string;
  eventId: string;
}

export interface FakeTicket {
  externalId: string;
  linkId: string;
  orgId: string;
  title: string;
  severity: string | null;
  state: 'open' | 'closed';
  /** How often a close was carried out. */
  closes: number;
  comments: FakeComment[];
  eventId: string;
}

export interface FakeRequest {
  at: Date;
  headers: Record<string, string | string[] | undefined>;
  rawBody: Buffer;
  signed: boolean;
  /** Null when the body was no JSON. */
  event: TrackerEvent | null;
  /** What was done with it: the habit's kind, `served`, or `refused`. */
  outcome: string;
}

export interface Served {
  status: number;
  body: Record<string, unknown>;
}

/** The tracker's own records: ids of its own making, and one effect an event id while it dedupes. */
export class TrackerMemory {
  readonly tickets: FakeTicket[] = [];
  private readonly answers = new Map<string, Served>();
  private nextTicket = 1;
  private nextComment = 1;

  /** @param dedupe false: a careless receiver, which does everything again that comes again */
  constructor(public dedupe: boolean) {}

  find(externalId: string): FakeTicket | undefined {
    return this.tickets.find((ticket) => ticket.externalId === externalId);
  }

  apply(event: TrackerEvent): Served {
    const known = this.dedupe ? this.answers.get(event.id) : undefined;
    if (known) return known;
    const served = event.event === 'ticket.create' ? this.create(event) : this.change(event);
    if (served.status < 300) this.answers.set(event.id, served);
    return served;
  }

  private create({ id, org_id, ticket }: TrackerEvent): Served {
    const externalId = `TRK-${this.nextTicket++}`;
    const { link_id: linkId, title, severity } = ticket;
    const kept = { externalId, linkId, orgId: org_id, title, severity, eventId: id };
    this.tickets.push({ ...kept, state: 'open', closes: 0, comments: [] });
    return { status: 201, body: { external_id: externalId, external_url: `https://tracker.example/${externalId}` } };
  }

  private change({ event, id, ticket, comment }: TrackerEvent): Served {
    const kept = this.find(ticket.external_id);
    if (!kept) return { status: 404, body: { message: `No ticket ${ticket.external_id}` } };
    if (event === 'ticket.close') {
      kept.state = 'closed';
      kept.closes += 1;
      return { status: 200, body: {} };
    }
    if (event !== 'ticket.comment' || !comment) return { status: 400, body: { message: `Unknown event ${event}` } };
    const externalCommentId = `TRKC-${this.nextComment++}`;
    kept.comments.push({ ...comment, externalCommentId, eventId: id });
    return { status: 201, body: { external_comment_id: externalCommentId } };
  }
}
