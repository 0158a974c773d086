import { describe, expect, it } from 'vitest';
import type { EscalationDoc } from '../../../src/escalations/model.js';
import { newEscalation } from '../../../src/escalations/new-escalation.js';
import { defaultRouting, termsOf } from '../../../src/escalations/routing/routing.js';
import type { Change } from '../../../src/escalations/store.js';
import { claim, note, release, resolve, resolveFromSource, type Act } from '../../../src/escalations/transitions.js';
import { Problem } from '../../../src/http/problem.js';

const at = new Date('2026-01-01T00:00:00.000Z');
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const routing = { ...defaultRouting, sla: { high: { acknowledge_minutes: 10, resolve_minutes: 60 } } };

const raised: EscalationDoc = newEscalation({
  id: 'esc_1',
  orgId: 'acme',
  raised: {
    kind: 'review',
    severity: 'high',
    title: 'A',
    reason: null,
    gateway: null,
    actor: null,
    context: null,
    policy: null,
    event_id: null,
    source_id: null,
    source: null,
    review_url: null,
  },
  terms: termsOf(routing, 'high', at),
  at,
});

let acts = 0;
const by = (id: string, mayConfigure = false): Act => ({
  id: `cmd_${++acts}`,
  by: { id, name: id.toUpperCase(), via: 'key_1' },
  mayConfigure,
});

type Decide = (escalation: EscalationDoc, now: Date) => Change | null;

/** What the store makes of a decision. */
function after(escalation: EscalationDoc, decide: Decide, now = later(1)): EscalationDoc {
  const change = decide(escalation, now);
  if (!change) return escalation;
  const entries = change.entries.map((entry, index) => ({ ...entry, seq: escalation.last_seq + 1 + index }));
  const last_seq = escalation.last_seq + entries.length;
  return { ...escalation, ...change.set, history: [...escalation.history, ...entries], last_seq };
}

function codeOf(escalation: EscalationDoc, decide: Decide, now = later(1)): string {
  try {
    decide(escalation, now);
    return 'allowed';
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.code}`;
    throw error;
  }
}

const claimed = after(raised, claim(by('ada')));
const resolved = after(claimed, resolve(by('ada'), 'denied', null));
const elsewhere: EscalationDoc = { ...raised, source: 'src_1' };

describe('what a reviewer may do', () => {
  it.each<[string, EscalationDoc, Decide, string]>([
    ['claim what is open', raised, claim(by('ada')), 'allowed'],
    ['claim one’s own', claimed, claim(by('ada')), 'allowed'],
    ['claim another’s', claimed, claim(by('bob')), '409 already_claimed'],
    ['claim another’s with configure', claimed, claim(by('bob', true)), '409 already_claimed'],
    ['claim what is resolved', resolved, claim(by('ada')), '409 already_resolved'],
    ['claim what is decided elsewhere', elsewhere, claim(by('ada')), '409 decided_at_source'],
    ['release what is open', raised, release(by('ada', true)), '409 not_claimed'],
    ['release one’s own', claimed, release(by('ada')), 'allowed'],
    ['release another’s', claimed, release(by('bob')), '403 not_claimer'],
    ['release another’s with configure', claimed, release(by('bob', true)), 'allowed'],
    ['release what is resolved', resolved, release(by('ada', true)), '409 already_resolved'],
    ['release what is decided elsewhere', elsewhere, release(by('ada', true)), '409 decided_at_source'],
    ['resolve what is open', raised, resolve(by('ada', true), 'denied', null), '409 not_claimed'],
    ['resolve one’s own', claimed, resolve(by('ada'), 'denied', null), 'allowed'],
    ['resolve another’s', claimed, resolve(by('bob'), 'denied', null), '403 not_claimer'],
    ['resolve another’s with configure', claimed, resolve(by('bob', true), 'denied', null), 'allowed'],
    ['resolve twice', resolved, resolve(by('ada', true), 'denied', null), '409 already_resolved'],
    ['resolve what is decided elsewhere', elsewhere, resolve(by('ada', true), 'denied', null), '409 decided_at_source'],
    ['note on what is open', raised, note(by('bob'), 'A'), 'allowed'],
    ['note on what is resolved', resolved, note(by('bob'), 'A'), 'allowed'],
    ['note on what is decided elsewhere', elsewhere, note(by('bob'), 'A'), 'allowed'],
  ])('%s: %#', (_what, escalation, decide, expected) => {
    expect(codeOf(escalation, decide)).toBe(expected);
  });
});

describe('what it changes', () => {
  it('is one entry and the state that goes with it', () => {
    expect(claimed).toMatchObject({ status: 'claimed', claimed_at: later(1), acknowledged_at: later(1), last_seq: 2 });
    const released = after(claimed, release(by('ada')), later(2));
    expect(released).toMatchObject({ status: 'open', claimed_by: null, claimed_at: null, acknowledged_at: later(1) });
    const again = after(released, claim(by('bob')), later(3));
    expect(again).toMatchObject({ claimed_by: { id: 'bob' }, claimed_at: later(3), acknowledged_at: later(1) });
    const done = after(again, resolve(by('bob'), 'approved', 'Fine'), later(4));
    expect(done).toMatchObject({ status: 'resolved', resolution: 'approved', resolved_at: later(4) });
    expect(done.history.map(({ kind, text }) => [kind, text])).toEqual([
      ['raised', null],
      ['claimed', null],
      ['released', null],
      ['claimed', null],
      ['resolved', 'Fine'],
    ]);
  });

  it('is nothing when the same request comes again, whatever has happened since', () => {
    const [taking, giving, ending] = [by('ada'), by('ada'), by('ada')];
    const first = after(raised, claim(taking));
    const second = after(first, release(giving));
    const third = after(after(second, claim(by('ada'))), resolve(ending, 'denied', null));
    expect(claim(taking)(third, later(9))).toBeNull();
    expect(release(giving)(third, later(9))).toBeNull();
    expect(resolve(ending, 'approved', null)(third, later(9))).toBeNull();
    const noted = by('bob');
    expect(note(noted, 'A')(after(third, note(noted, 'A')), later(9))).toBeNull();
    expect(claim(by('ada'))(claimed, later(9))).toBeNull();
  });

  it('comes after the clocks that ran out before it', () => {
    const late = after(raised, claim(by('ada')), later(90));
    expect(late.history.map(({ kind, clock, at: when }) => [kind, clock, when])).toEqual([
      ['raised', null, at],
      ['overdue', 'acknowledge', later(10)],
      ['overdue', 'resolve', later(60)],
      ['claimed', null, later(90)],
    ]);
    expect(late).toMatchObject({ breached: 'resolve', last_seq: 4 });
    expect(after(late, resolve(by('ada'), 'denied', null), later(91)).history).toHaveLength(5);
  });

  it('of a queue elsewhere wins over whoever has claimed it, and once', () => {
    const decided = after({ ...claimed, source: 'src_1' }, resolveFromSource(by('src_1'), 'remediated', 'There'));
    expect(decided).toMatchObject({ status: 'resolved', resolution: 'remediated', resolved_by: { id: 'src_1' } });
    expect(resolveFromSource(by('src_1'), 'denied', null)(decided, later(2))).toBeNull();
    expect(after(elsewhere, resolveFromSource(by('src_1'), 'denied', null)).status).toBe('resolved');
  });

  it('is a note less when there are three hundred', () => {
    const entry = { seq: 2, kind: 'noted' as const, at, by: by('bob').by, text: 'A', clock: null };
    const full = { ...raised, history: Array.from({ length: 300 }, (_, n) => ({ ...entry, id: `n${n}` })) };
    expect(codeOf(full, note(by('bob'), 'A'))).toBe('422 validation_failed');
    expect(codeOf({ ...full, history: full.history.slice(1) }, note(by('bob'), 'A'))).toBe('allowed');
  });
});
