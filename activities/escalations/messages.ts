import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';

/** The comment in the ticket's thread about an entry. A note's own text is used unchanged. */
export function ticketComment({ resolution }: EscalationDoc, { kind, by, text }: HistoryEntry): string {
  const name = by?.name ?? 'Drawbridge';
  switch (kind) {
    case 'claimed':
      return `Claimed by ${name}.`;
    case 'released':
      return `Released by ${name}. The escalation is unclaimed again.`;
    case 'resolved':
      return `Resolved as ${resolution ?? 'unknown'} by ${name}.${text === null ? '' : `\n\n${text}`}`;
    case 'noted':
      return text ?? '';
    case 'raised':
    case 'overdue':
      return '';
  }
}
