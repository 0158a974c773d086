import type { CallOptions, OutboundComment, TicketDraft, TicketRef } from '../../src/integrations/port.js';

let last = 0;

/** A draft with a key of its own. */
export function draft(overrides: Partial<TicketDraft> = {}): TicketDraft {
  const linkId = `tkt_${process.pid}_${++last}`;
  return {
    key: linkId,
    orgId: 'acme',
    linkId,
    title: 'Access review, Q3 – Zürich',
    description: 'Line one\nLine two with "quotes" & <tags> and 🔐',
    url: 'http://localhost:8080/evidence-requests/er_1',
    severity: null,
    metadata: {
      subject_type: 'evidence_request',
      subject_id: 'er_1',
      severity: null,
      gateway: null,
      actor: null,
      policy: null,
      reason: null,
    },
    occurredAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

export const ref = (of: TicketDraft, externalId: string, externalRef: string | null = null): TicketRef => ({
  ...of,
  externalId,
  externalRef,
});

/** A comment with a key of its own. */
export function comment(overrides: Partial<OutboundComment> = {}): OutboundComment {
  const key = `cmt_${process.pid}_${++last}`;
  return {
    key,
    author: 'Ada',
    body: 'The evidence is attached.',
    occurredAt: new Date('2026-01-02T00:00:00.000Z'),
    ...overrides,
  };
}

export const options = (overrides: Partial<CallOptions> = {}): CallOptions => ({
  signal: new AbortController().signal,
  repeated: false,
  ...overrides,
});

export const closing = (key: string, overrides: Partial<CallOptions> = {}) => ({
  ...options(overrides),
  key,
  occurredAt: new Date('2026-01-03T00:00:00.000Z'),
});
