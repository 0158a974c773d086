import { randomBytes } from 'node:crypto';
import type { ListHabit } from '../fake-tracker/list-habits.js';

/** A row of the table of tickets. Every value is a string, as the Table API has it. */
export type FakeRecord = Record<string, string> & {
  sys_id: string;
  number: string;
  state: string;
  sys_updated_on: string;
  sys_mod_count: string;
};

export interface JournalEntry extends Record<string, string> {
  sys_id: string;
  /** The table of the record. */
  name: string;
  /** The sys_id of the record. */
  element_id: string;
  element: 'comments' | 'work_notes';
  value: string;
  sys_created_on: string;
  sys_created_by: string;
}

/** How this instance is set up; each may be changed at any time and lasts. */
export interface Conditions {
  /** Lists show a record only this long after it was made; by its sys_id it is there at once. */
  searchLagMs: number;
  /** Fields that queries may not use: their terms are ignored without a word. */
  ignoredFields: string[];
  /** Tables whose rows an ACL hides, `sys_journal_field` say: 200 with an empty list. */
  hiddenTables: string[];
  /** Fields that an ACL keeps from being read: they are missing in answers. */
  unreadableFields: string[];
  /** Fields that an ACL keeps from being written: 200, and nothing is stored. */
  unwritableFields: string[];
  /** Whether a data policy wants a close code that there is, and close notes. */
  closePolicy: boolean;
  /** How it answers each list badly; null: it doesn't. */
  listHabit: ListHabit | null;
}

const journalFields = ['comments', 'work_notes'] as const;

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export const stamp = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ');

/** An instance's own records and journal. It trusts nothing that a client says of what is there. */
export class ServiceNowMemory {
  readonly records: FakeRecord[] = [];
  readonly journal: JournalEntry[] = [];
  private readonly madeAt = new Map<string, number>();
  private nextNumber = 10_001;

  constructor(readonly table: string) {}

  find(idOrNumber: string): FakeRecord | undefined {
    return this.records.find(({ sys_id, number }) => sys_id === idOrNumber || number === idOrNumber);
  }

  create(values: Record<string, string>, by: string): FakeRecord {
    const now = stamp(new Date());
    const record: FakeRecord = {
      short_description: '',
      description: '',
      correlation_id: '',
      correlation_display: '',
      caller_id: '',
      assignment_group: '',
      close_code: '',
      close_notes: '',
      impact: '3',
      urgency: '3',
      state: '1',
      sys_id: randomBytes(16).toString('hex'),
      number: `INC${String(this.nextNumber++).padStart(7, '0')}`,
      sys_created_on: now,
      sys_created_by: by,
      sys_updated_on: now,
      sys_updated_by: by,
      sys_mod_count: '0',
    };
    for (const [field, value] of Object.entries(values)) if (!isJournal(field)) record[field] = value;
    record.priority = priorityOf(record);
    this.records.push(record);
    this.madeAt.set(record.sys_id, Date.now());
    this.write(record, values, by);
    return record;
  }

  /** @returns whether anything changed: an update with nothing new is none */
  update(record: FakeRecord, values: Record<string, string>, by: string): boolean {
    const plain = Object.entries(values).filter(([field, value]) => !isJournal(field) && record[field] !== value);
    for (const [field, value] of plain) record[field] = value;
    record.priority = priorityOf(record);
    const written = this.write(record, values, by);
    if (plain.length === 0 && written === 0) return false;
    record.sys_updated_on = stamp(new Date());
    record.sys_updated_by = by;
    record.sys_mod_count = String(Number(record.sys_mod_count) + 1);
    return true;
  }

  /** Whether a list shows it yet. */
  isListed(sysId: string, lagMs: number): boolean {
    return Date.now() - (this.madeAt.get(sysId) ?? 0) >= lagMs;
  }

  private write(record: FakeRecord, values: Record<string, string>, by: string): number {
    let written = 0;
    for (const element of journalFields) {
      const value = values[element];
      if (value === undefined || value === '') continue;
      const sys_id = randomBytes(16).toString('hex');
      const made = { sys_id, name: this.table, element_id: record.sys_id, element, value };
      this.journal.push({ ...made, sys_created_on: stamp(new Date()), sys_created_by: by });
      written += 1;
    }
    return written;
  }
}

const isJournal = (field: string) => (journalFields as readonly string[]).includes(field);

/** The matrix that instances come with. */
function priorityOf({ impact, urgency }: Record<string, string>): string {
  return String(Math.min(Math.max(Number(impact) + Number(urgency) - 1, 1), 5));
}
