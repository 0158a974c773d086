import { describe, expect, it } from 'vitest';
import { defaultRouting, termsOf, type Routing } from '../../../src/escalations/routing/routing.js';
import { severities } from '../../../src/lib/severity.js';

const raisedAt = new Date('2026-03-29T00:30:00.000Z');
const routing = (part: Partial<Routing>): Routing => ({ ...defaultRouting, ...part });

describe('the terms of an escalation', () => {
  it('are a ticket in our words, a comment at its end and no clocks, when nothing was set', () => {
    for (const severity of severities) {
      expect(termsOf(defaultRouting, severity, raisedAt)).toEqual({
        open_ticket: true,
        connection_id: null,
        mapped_severity: severity,
        on_resolve: 'comment',
        acknowledge_due_at: null,
        resolve_due_at: null,
      });
    }
  });

  it.each([
    ['low', ['low', 'medium', 'high', 'critical']],
    ['high', ['high', 'critical']],
    ['critical', ['critical']],
  ] as const)('open a ticket from %s on', (min_severity, opened) => {
    const { ticket } = defaultRouting;
    const asked = routing({ ticket: { ...ticket, min_severity } });
    expect(severities.filter((severity) => termsOf(asked, severity, raisedAt).open_ticket)).toEqual(opened);
    const off = routing({ ticket: { ...ticket, min_severity, enabled: false } });
    expect(severities.filter((severity) => termsOf(off, severity, raisedAt).open_ticket)).toEqual([]);
  });

  it('say the severity in the tracker’s terms, where it has some', () => {
    const pair = { impact: 1, urgency: '2 - High' };
    const asked = routing({ severity_map: { critical: pair, high: 'Highest' } });
    const mapped = severities.map((severity) => termsOf(asked, severity, raisedAt).mapped_severity);
    expect(mapped).toEqual(['low', 'medium', 'Highest', pair]);
  });

  it('take over the connection, and what a resolution does', () => {
    const ticket = { ...defaultRouting.ticket, connection_id: 'con_1' };
    expect(termsOf(routing({ ticket, on_resolve: 'close' }), 'low', raisedAt)).toMatchObject({
      connection_id: 'con_1',
      on_resolve: 'close',
    });
  });

  it('run each clock from the moment of raising, through nights and changes of the clocks', () => {
    const sla = {
      critical: { acknowledge_minutes: 15, resolve_minutes: 1440 },
      high: { acknowledge_minutes: null, resolve_minutes: 525_600 },
      medium: { acknowledge_minutes: 1, resolve_minutes: null },
    };
    const due = severities.map((severity) => {
      const { acknowledge_due_at, resolve_due_at } = termsOf(routing({ sla }), severity, raisedAt);
      return [severity, acknowledge_due_at?.toISOString() ?? null, resolve_due_at?.toISOString() ?? null];
    });
    expect(due).toEqual([
      ['low', null, null],
      ['medium', '2026-03-29T00:31:00.000Z', null],
      ['high', null, '2027-03-29T00:30:00.000Z'],
      ['critical', '2026-03-29T00:45:00.000Z', '2026-03-30T00:30:00.000Z'],
    ]);
    expect(raisedAt.toISOString()).toBe('2026-03-29T00:30:00.000Z');
  });
});
