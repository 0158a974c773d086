import type { PresentedEntry } from './presenter.js';

const columns: Record<string, (entry: PresentedEntry) => string | number | null | undefined> = {
  seq: ({ seq }) => seq,
  id: ({ id }) => id,
  at: ({ at }) => at,
  org_id: ({ org_id }) => org_id,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  actor_via: ({ actor }) => actor.via,
  source: ({ source }) => source?.kind,
  address: ({ source }) => source?.address,
  request_id: ({ source }) => source?.request_id,
  session: ({ source }) => source?.session,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  subject_type: ({ subject }) => subject.type,
  subject_id: ({ subject }) => subject.id,
  subject_name: ({ subject }) => subject.name,
  changed: ({ changed }) => changed.join(' '),
  changes: ({ changes }) => JSON.stringify(changes),
  prev_hash: ({ prev_hash }) => prev_hash,
  hash: ({ hash }) => hash,
};

export const csvHeader = `${Object.keys(columns).join(',')}\r\n`;

/** One line of RFC 4180. */
export const csvLine = (entry: PresentedEntry): string =>
  `${Object.values(columns)
    .map((valueOf) => cell(valueOf(entry)))
    .join(',')}\r\n`;

/** Spreadsheets take a cell that begins with one of these for a formula, some of them behind white space too. */
const formula = /^\s*[=+\-@\t\r＝＋－＠]/;

/** Text that a spreadsheet would evaluate gets an apostrophe before it, as OWASP recommends. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return `"${(formula.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}
