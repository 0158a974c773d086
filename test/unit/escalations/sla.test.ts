import { describe, expect, it } from 'vitest';
import type { EscalationDoc, HistoryEntry } from '../../../src/escalations/model.js';
import type { SlaClock } from '../../../workflows/contracts/escalation.js';
import { nextDue, overdue } from '../../../src/escalations/sla.js';

const start = Date.UTC(2026, 0, 1);
const minute = (n: number) => new Date(start + n * 60_000);

type Clocked = Parameters<typeof overdue>[0];

/** Raised at minute 0. @param due the minutes at which its clocks run out; null: a clock that it does not have */
function clocked(due: { acknowledge: number | null; resolve: number | null }, more: Partial<Clocked> = {}): Clocked {
  const at = (n: number | null) => (n === null ? null : minute(n));
  return {
    status: 'open',
    acknowledged_at: null,
    breached: null,
    history: [],
    ...more,
    terms: {
      acknowledge_due_at: at(due.acknowledge),
      resolve_due_at: at(due.resolve),
    } as EscalationDoc['terms'],
  };
}

const passed = (clock: SlaClock): HistoryEntry => {
  return { seq: 2, id: `overdue/${clock}`, kind: 'overdue', at: minute(1), by: null, text: null, clock };
};

const clocksOf = (escalation: Clocked, at: number) =>
  overdue(escalation, minute(at))?.entries.map(({ clock }) => clock);
/** As `acknowledge 15`, in minutes. */
function nextOf(escalation: Clocked): string | null {
  const next = nextDue(escalation);
  return next && `${next.clock} ${(next.dueAt.getTime() - start) / 60_000}`;
}

const both = { acknowledge: 15, resolve: 60 };

describe('the clocks of an escalation', () => {
  it('are looked at next when the first runs out', () => {
    expect(nextOf(clocked(both))).toBe('acknowledge 15');
    expect(nextOf(clocked({ acknowledge: 90, resolve: 60 }))).toBe('resolve 60');
    expect(nextOf(clocked({ acknowledge: null, resolve: 60 }))).toBe('resolve 60');
    expect(nextOf(clocked({ acknowledge: 15, resolve: null }))).toBe('acknowledge 15');
    expect(nextOf(clocked({ acknowledge: null, resolve: null }))).toBeNull();
  });

  it('have not run out before their time, and have at it', () => {
    expect(overdue(clocked(both), new Date(minute(15).getTime() - 1))).toBeNull();
    expect(overdue(clocked(both), minute(15))).toEqual({
      entries: [
        { id: 'overdue/acknowledge', kind: 'overdue', at: minute(15), by: null, text: null, clock: 'acknowledge' },
      ],
      set: { breached: 'acknowledge' },
    });
  });

  it('tell each once, with the time at which it ran out, however late it is seen', () => {
    const once = clocked(both, { breached: 'acknowledge', history: [passed('acknowledge')] });
    expect(clocksOf(once, 16)).toBeUndefined();
    expect(nextOf(once)).toBe('resolve 60');
    expect(overdue(once, minute(10_000))).toMatchObject({
      entries: [{ at: minute(60) }],
      set: { breached: 'resolve' },
    });
    const twice = clocked(both, { breached: 'resolve', history: [passed('acknowledge'), passed('resolve')] });
    expect(overdue(twice, minute(10_000))).toBeNull();
    expect(nextOf(twice)).toBeNull();
  });

  it('that both ran out unseen are told in the order of their times, and the later word is resolve', () => {
    expect(clocksOf(clocked(both), 61)).toEqual(['acknowledge', 'resolve']);
    expect(clocksOf(clocked({ acknowledge: 90, resolve: 60 }), 91)).toEqual(['resolve', 'acknowledge']);
    for (const due of [both, { acknowledge: 90, resolve: 60 }, { acknowledge: 60, resolve: 60 }]) {
      expect(overdue(clocked(due), minute(91))?.set).toEqual({ breached: 'resolve' });
    }
  });

  it('never make acknowledge out of resolve', () => {
    const resolveFirst = clocked(
      { acknowledge: 90, resolve: 60 },
      { breached: 'resolve', history: [passed('resolve')] },
    );
    expect(overdue(resolveFirst, minute(90))).toMatchObject({
      entries: [{ clock: 'acknowledge' }],
      set: { breached: 'resolve' },
    });
  });

  it('that wait for a claim stop with the first, also when it was given back; the other goes on', () => {
    const claimed = clocked(both, { status: 'claimed', acknowledged_at: minute(5) });
    const released = clocked(both, { status: 'open', acknowledged_at: minute(5) });
    for (const escalation of [claimed, released]) {
      expect(nextOf(escalation)).toBe('resolve 60');
      expect(clocksOf(escalation, 59)).toBeUndefined();
      expect(clocksOf(escalation, 60)).toEqual(['resolve']);
    }
  });

  it('all stop with the resolution, early or late', () => {
    for (const acknowledged_at of [null, minute(5)]) {
      const resolved = clocked(both, { status: 'resolved', acknowledged_at });
      expect(nextOf(resolved)).toBeNull();
      expect(overdue(resolved, minute(10_000))).toBeNull();
    }
  });
});
