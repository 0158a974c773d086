import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeClock, describeDrain, describeEscalation } from '../../../workflows/escalation/details.js';
import type { EscalationState } from '../../../workflows/contracts/escalation.js';

const input = { orgId: 'acme', escalationId: 'esc_1', severity: 'high' };
const open: EscalationState = {
  appliedSeq: 3,
  kind: 'review',
  status: 'open',
  severity: 'high',
  breached: null,
  nextDueAt: Date.UTC(2026, 10, 21, 16, 8, 37),
  nextClock: 'acknowledge',
  claimedBy: null,
  resolvedBy: null,
  resolution: null,
  ticketLink: 'tkt_1',
  more: false,
};
const waiting = { isDraining: false, notifying: 0 };
const textOf = (state: Partial<EscalationState>, progress = waiting) =>
  describeEscalation(input, { ...open, ...state }, progress);

describe('the details of an escalation’s workflow', () => {
  it.each<[string, Partial<EscalationState>, string[]]>([
    [
      'open',
      {},
      [
        '### Open · high, for review',
        'waits for a reviewer to claim it. To be claimed by 2026-11-21 16:08 UTC, else people are notified.',
      ],
    ],
    ['open without a clock', { nextDueAt: null, nextClock: null }, ['waits for a reviewer to claim it.']],
    [
      'overdue',
      { breached: 'acknowledge', nextClock: 'resolve', severity: 'critical' },
      ['### Open, overdue: not claimed in time · critical, for review', 'To be resolved by 2026-11-21 16:08 UTC'],
    ],
    [
      'claimed',
      { status: 'claimed', claimedBy: 'rev_1', kind: 'approval', nextClock: 'resolve' },
      ['### Claimed by `rev_1` · high, for approval', 'waits for the decision. To be resolved by'],
    ],
    [
      'claimed and overdue',
      { status: 'claimed', claimedBy: 'rev_1', breached: 'resolve', nextDueAt: null, nextClock: null },
      ['### Claimed by `rev_1`, overdue: not resolved in time', 'waits for the decision.'],
    ],
    [
      'resolved',
      { status: 'resolved', resolvedBy: 'rev_2', resolution: 'denied', nextDueAt: null, nextClock: null },
      ['### Resolved as denied by `rev_2`', '**Next:** nothing; the workflow ends.'],
    ],
    ['without a ticket', { ticketLink: null }, ['Of org `acme`, without a ticket.']],
    ['with a ticket', {}, ['Its ticket: `ticket/acme/tkt_1`']],
  ])('say of one that is %s where it stands, and what is next', (_name, state, parts) => {
    for (const part of parts) expect(textOf(state)).toContain(part);
  });

  it('say before the first look what is being done, and where its tries are to be seen', () => {
    const text = describeEscalation(input, undefined, { isDraining: true, notifying: 0 });
    for (const part of ['Raised, high', '`acme`', 'Pending Activities']) expect(text).toContain(part);
  });

  it('say while it looks where it stood, and that what is next is being seen to', () => {
    const text = textOf({ status: 'claimed', claimedBy: 'rev_1' }, { isDraining: true, notifying: 2 });
    for (const part of ['Claimed by `rev_1`', 'process the changes', 'Pending Activities'])
      expect(text).toContain(part);
    expect(text).not.toContain('waits');
  });

  it.each([
    ['open', 1, '1 channel is not notified yet: see Pending Activities.'],
    ['open', 3, '3 channels are not notified yet'],
    ['resolved', 1, 'the workflow ends when all channels are notified. 1 channel is'],
  ] as const)('say of one that is %s that %i are to be told', (status, notifying, expected) => {
    expect(textOf({ status }, { isDraining: false, notifying })).toContain(expected);
  });

  it.each(['open', 'claimed', 'resolved'] as const)('fit into what the UI shows of one that is %s', (status) => {
    const state = {
      status,
      claimedBy: 'key_01M7ZC4VKKSGYW7YN8RFYAAP0S',
      resolvedBy: 'key_01M7ZC4VKKSGYW7YN8RFYAAP0S',
      resolution: 'remediated',
      breached: 'acknowledge',
      severity: 'critical',
      nextClock: 'resolve',
    } as const;
    const lines = textOf(state, { isDraining: false, notifying: 2 }).split('\n\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.length).toBeLessThan(170);
  });

  it('are never broken by any id that somebody could think of', () => {
    const plain = textOf({ status: 'resolved', resolvedBy: 'ID', resolution: 'denied', ticketLink: 'ID' });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (id) => {
        const text = describeEscalation(
          { orgId: id, escalationId: id, severity: id },
          { ...open, status: 'resolved', resolvedBy: id, resolution: id, severity: id, ticketLink: id },
          waiting,
        );
        expect(text.split('\n')).toHaveLength(plain.split('\n').length);
        expect(text.match(/`/g)).toHaveLength(plain.match(/`/g)?.length ?? 0);
        expect(text.replaceAll(/[*`#·]/g, '')).not.toMatch(/[<>[\]()!\u202e]|\p{Cc}(?<!\n)/u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what stands in the timeline', () => {
  it('beside a look is what it is for', () => {
    expect(describeDrain(undefined)).toBe('process its history: events, the ticket, notifications');
    expect(describeDrain(open)).toBe('open: process its history after entry 3');
  });

  it('beside a timer is which clock runs', () => {
    expect(describeClock('acknowledge')).toContain('to be claimed');
    expect(describeClock('resolve')).toContain('to be resolved');
  });
});
