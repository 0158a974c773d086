import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';

/** What the ticket's thread says of an entry; a note's own text as it is. */
export function ticketComment({ resolution }: EscalationDoc, { kind, by, text }: HistoryEntry): string {
  const name = by?.name ?? 'Drawbridge';
  switch (kind) {
    case 'claimed':
      return `Claimed by ${name}.`;
    case 'released':
      return `Released by ${name}: open again, and unclaimed.`;
    case 'resolved':
      return `Resolved as ${resolution ?? 'unknown'} by ${name}.${text === null ? '' : `\n\n${text}`}`;
    case 'noted':
      return text ?? '';
    case 'raised':
    case 'overdue':
      return '';
  }
}
