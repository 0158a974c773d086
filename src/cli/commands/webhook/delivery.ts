import { fields } from '../../output/fields.js';
import { styleOf } from '../../../lib/paint.js';
import { printable } from '../../output/printable.js';
import { table, type Column } from '../../output/table.js';
import { distance, fullTime, shortTime } from '../../output/time.js';
import type { Terminal } from '../../terminal.js';

interface Attempt {
  number: number;
  at: string;
  trigger: string;
  response_code: number | null;
  duration_ms: number;
  error: string | null;
  response_body?: string | null;
}

/** A delivery, as far as it is shown; alone it has its payload too. */
export interface Delivery {
  id: string;
  event_id: string;
  event_type: string;
  status: string;
  attempts?: Attempt[];
  next_attempt_at?: string | null;
  workflow?: { id: string; url?: string | null } | null;
  created_at: string;
  payload?: unknown;
}

const codeOf = (attempt: Attempt | undefined) =>
  attempt === undefined ? '' : String(attempt.response_code ?? attempt.error ?? 'none');

export const deliveryColumns = ({ now }: Terminal): Column<Delivery>[] => [
  { title: 'TIME', of: ({ created_at }) => shortTime(created_at, now) },
  { title: 'EVENT', of: ({ event_type }) => event_type, flexible: true },
  { title: 'CODE', of: ({ attempts }) => codeOf(attempts?.at(-1)), flexible: true },
  { title: 'STATUS', of: ({ status }) => status, style: styleOf },
  { title: 'TRIES', of: ({ attempts }) => String(attempts?.length ?? 0), align: 'right' },
  { title: 'NEXT', of: ({ next_attempt_at: next }) => (next ? distance(next, now) : '') },
  { title: 'ID', of: ({ id }) => id },
];

const attemptColumns = ({ now }: Terminal): Column<Attempt>[] => [
  { title: 'TRY', of: ({ number }) => String(number), align: 'right' },
  { title: 'TIME', of: ({ at }) => shortTime(at, now) },
  { title: 'BY', of: ({ trigger }) => trigger },
  { title: 'CODE', of: ({ response_code: code }) => (code === null ? 'none' : String(code)), align: 'right' },
  { title: 'TOOK', of: ({ duration_ms: ms }) => `${ms} ms`, align: 'right' },
  { title: 'ERROR OR ANSWER', of: ({ error, response_body: body }) => error ?? body ?? '', flexible: true },
];

/** A delivery with each attempt and, where it is there, the payload. */
export function deliveryText(delivery: Delivery, terminal: Terminal): string {
  const { attempts = [], next_attempt_at: next, payload } = delivery;
  const head = fields(
    [
      ['id', delivery.id],
      ['status', delivery.status],
      ['event', `${delivery.event_type} (${delivery.event_id})`],
      ['created', fullTime(delivery.created_at, terminal.now)],
      ['next try', next ? fullTime(next, terminal.now) : null],
      ['workflow', delivery.workflow?.url ?? delivery.workflow?.id],
    ],
    terminal,
  );
  return [
    head,
    attempts.length === 0 ? 'Not tried yet.' : table(attemptColumns(terminal), attempts, terminal),
    ...(payload === undefined ? [] : [terminal.paint('dim', 'payload') + '\n' + pretty(payload)]),
  ].join('\n\n');
}

const pretty = (payload: unknown) =>
  printable(typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2));
