import { describe, expect, it } from 'vitest';
import type { MappedSeverity } from '../../../src/lib/severity.js';
import { encodeEvent } from '../../../src/integrations/webhook/payload.js';
import { draft } from '../../providers/drafts.js';

describe('a severity in the tracker’s terms', () => {
  it.each<[MappedSeverity | null, string]>([
    [null, 'null'],
    ['P1', '"P1"'],
    [{ urgency: '2', impact: 1 }, '{"impact":1,"urgency":"2"}'],
  ])('%j is sent to a webhook as it is, with its keys sorted', (severity, text) => {
    const ticket = draft({ severity });
    const event = { event: 'ticket.create', id: 'tkt_1', occurredAt: ticket.occurredAt, externalId: 'tkt_1' } as const;
    const body = encodeEvent({ ...event, ticket }).toString('utf8');
    expect(body).toContain(`},"severity":${text},"title":`);
  });
});
