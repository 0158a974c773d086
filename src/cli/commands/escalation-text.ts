import { fields } from '../output/fields.js';
import { styleOf } from '../../lib/paint.js';
import { printable } from '../output/printable.js';
import type { Column } from '../output/table.js';
import { distance, fullTime, shortTime } from '../output/time.js';
import type { Terminal } from '../terminal.js';

interface Person {
  name: string;
}

/** An escalation, as far as it is shown. */
export interface Escalation {
  id: string;
  kind: string;
  status: string;
  severity: string;
  title: string;
  reason: string | null;
  gateway: { id: string; name: string | null } | null;
  actor: { id: string | null; name: string | null; email: string | null } | null;
  context: unknown;
  policy: { name: string } | null;
  claimed_by: Person | null;
  claimed_at: string | null;
  resolution: string | null;
  resolved_by: Person | null;
  resolved_at: string | null;
  notes: { author: Person; body: string; at: string }[];
  sla: { acknowledge_due_at: string | null; resolve_due_at: string | null; breached: string | null };
  review_url: string;
  ticket: { external_id?: string | null; sync_state?: string } | null;
  workflow: { id: string; url: string | null };
  created_at: string;
}

export const escalationColumns = ({ now }: Terminal): Column<Escalation>[] => [
  { title: 'SEVERITY', of: ({ severity }) => severity, style: styleOf },
  { title: 'STATUS', of: ({ status, resolution }) => resolution ?? status, style: styleOf },
  { title: 'CREATED', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'TITLE', of: ({ title }) => title, flexible: true },
  { title: 'CLAIMED BY', of: ({ claimed_by: by }) => by?.name ?? '', flexible: true },
  { title: 'DUE', of: (escalation) => dueText(escalation, now) },
  { title: 'ID', of: ({ id }) => id },
];

/** What comes next, and when. */
function dueText({ status, sla }: Escalation, now: Date): string {
  if (status === 'resolved') return '';
  const due = status === 'open' ? (sla.acknowledge_due_at ?? sla.resolve_due_at) : sla.resolve_due_at;
  if (due === null) return '';
  return new Date(due) < now ? `overdue ${distance(due, now).replace(' ago', '')}` : distance(due, now);
}

/** An escalation with all that helps to decide it. */
export function escalationText(escalation: Escalation, terminal: Terminal): string {
  const { now, paint } = terminal;
  const { gateway, actor, claimed_by: claimer, resolved_by: resolver, sla, ticket, context, notes } = escalation;
  const by = (person: Person | null, at: string | null) => person && `${person.name}, ${fullTime(at, now)}`;
  const head = fields(
    [
      ['id', escalation.id],
      ['title', escalation.title],
      ['severity', escalation.severity],
      ['status', escalation.status],
      ['kind', escalation.kind],
      ['reason', escalation.reason],
      ['gateway', gateway && (gateway.name ?? gateway.id)],
      ['actor', actor && (actor.name ?? actor.email ?? actor.id)],
      ['policy', escalation.policy?.name],
      ['claimed', by(claimer, escalation.claimed_at)],
      ['resolution', escalation.resolution],
      ['resolved', by(resolver, escalation.resolved_at)],
      [
        'acknowledge',
        escalation.status === 'open' && sla.acknowledge_due_at ? fullTime(sla.acknowledge_due_at, now) : null,
      ],
      ['resolve by', escalation.status !== 'resolved' && sla.resolve_due_at ? fullTime(sla.resolve_due_at, now) : null],
      ['breached', sla.breached],
      ['ticket', ticket && `${ticket.external_id ?? 'not made yet'} (${ticket.sync_state ?? '–'})`],
      ['review', escalation.review_url],
      ['workflow', escalation.workflow.url ?? escalation.workflow.id],
      ['created', fullTime(escalation.created_at, now)],
    ],
    terminal,
  );
  const told = notes.map(
    ({ author, body, at }) => `${paint('dim', printable(`${author.name}, ${fullTime(at, now)}`))}\n  ${indented(body)}`,
  );
  const shownContext =
    context === null ? [] : [`${paint('dim', 'context')}\n  ${indented(JSON.stringify(context, null, 2))}`];
  return [head, ...shownContext, ...told].join('\n\n');
}

const indented = (text: string) => printable(text).replaceAll('\n', '\n  ');
