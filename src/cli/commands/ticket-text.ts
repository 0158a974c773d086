import { fields } from '../output/fields.js';
import { styleOf } from '../../lib/paint.js';
import { printable } from '../output/printable.js';
import type { Column } from '../output/table.js';
import { fullTime, shortTime } from '../output/time.js';
import type { Terminal } from '../terminal.js';

/** A link to a ticket, as far as it is shown. */
export interface Link {
  id: string;
  subject: { id: string };
  provider: string;
  external_id: string | null;
  external_url: string | null;
  state: string;
  external_status: string | null;
  sync_state: string;
  last_error: string | null;
  workflow: { id: string; url: string | null };
  created_at: string;
  closed_at: string | null;
  last_synced_at: string | null;
}

export interface Comment {
  id: string;
  source: string;
  author: string;
  body: string;
  sync_state: string | null;
  created_at: string;
  edited_at: string | null;
}

export interface AddedComment extends Comment {
  echo: Comment | null;
}

export function linkText(link: Link, terminal: Terminal): string {
  const { now } = terminal;
  return fields(
    [
      ['ticket', link.external_id ?? 'not made yet'],
      ['url', link.external_url],
      ['state', link.state],
      ['sync', link.sync_state],
      ['error', link.last_error],
      ['status there', link.external_status],
      ['provider', link.provider],
      ['of', link.subject.id],
      ['link', link.id],
      ['workflow', link.workflow.url ?? link.workflow.id],
      ['created', fullTime(link.created_at, now)],
      ['closed', link.closed_at && fullTime(link.closed_at, now)],
      ['synced', link.last_synced_at && fullTime(link.last_synced_at, now)],
    ],
    terminal,
  );
}

export const commentColumns = ({ now }: Terminal): Column<Comment>[] => [
  { title: 'TIME', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'FROM', of: ({ source }) => (source === 'internal' ? 'here' : 'tracker') },
  { title: 'AUTHOR', of: ({ author }) => author, flexible: true },
  { title: 'SYNC', of: ({ sync_state: state }) => state ?? '', style: styleOf },
  {
    title: 'COMMENT',
    of: ({ body, edited_at: edited }) => (edited === null ? body : `${body} (edited)`),
    flexible: true,
  },
];

/** A comment in full. */
export function commentText(
  { author, body, source, sync_state: sync, created_at: at }: Comment,
  { now, paint }: Terminal,
) {
  const where = source === 'internal' ? (sync ?? 'not sent to a tracker') : 'from the tracker';
  const head = printable(`${author}, ${fullTime(at, now)}, ${where}`);
  return `${paint('dim', head)}\n  ${printable(body).replaceAll('\n', '\n  ')}`;
}
