import type { EscalationDoc, HistoryEntry } from './model.js';
import type { SlaClock } from '../../workflows/contracts/escalation.js';
import type { Change } from './store.js';

type Clocked = Pick<EscalationDoc, 'status' | 'terms' | 'acknowledged_at' | 'breached' | 'history'>;

const byTime = (a: { dueAt: Date }, b: { dueAt: Date }) => a.dueAt.getTime() - b.dueAt.getTime();

/** The clocks that run: a claim stops the first, resolving both. */
function running({ status, terms, acknowledged_at, history }: Clocked): { clock: SlaClock; dueAt: Date }[] {
  if (status === 'resolved') return [];
  const passed = new Set(history.map((entry) => entry.clock));
  const acknowledge = acknowledged_at === null ? terms.acknowledge_due_at : null;
  return [
    { clock: 'acknowledge' as const, dueAt: acknowledge },
    { clock: 'resolve' as const, dueAt: terms.resolve_due_at },
  ].flatMap(({ clock, dueAt }) => (dueAt === null || passed.has(clock) ? [] : [{ clock, dueAt }]));
}

/** The clock that runs out next; null when none runs. */
export function nextDue(escalation: Clocked): { clock: SlaClock; dueAt: Date } | null {
  const [first] = running(escalation).sort(byTime);
  return first ?? null;
}

/** What has run out by now and is not on record yet, in the order of the due times. Null when nothing has. */
export function overdue(escalation: Clocked, now: Date): Change | null {
  const out = running(escalation)
    .filter(({ dueAt }) => dueAt <= now)
    .sort(byTime);
  if (out.length === 0) return null;
  const entries = out.map(({ clock, dueAt }): Omit<HistoryEntry, 'seq'> => {
    return { id: `overdue/${clock}`, kind: 'overdue', at: dueAt, by: null, text: null, clock };
  });
  const isUnresolved = escalation.breached === 'resolve' || out.some(({ clock }) => clock === 'resolve');
  return { entries, set: { breached: isUnresolved ? 'resolve' : 'acknowledge' } };
}
