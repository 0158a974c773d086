import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import type { Form, FormErrors } from '../form.js';
import { typedTime } from '../parts/local-time.js';

/** What stands in the form's fields. */
export interface Typed {
  title: string;
  description: string;
  /** As `datetime-local` has it: `2026-01-01T09:00`. */
  due_at: string;
  /** Minutes from that to UTC, which the script fills in; empty: it is UTC. */
  due_offset: string;
  assignee: string;
  /** One a line. */
  control_refs: string;
}

export const typedIn = (form: Form): Typed => ({
  title: form.text('title'),
  description: form.raw('description').replaceAll('\r\n', '\n'),
  due_at: form.text('due_at'),
  due_offset: form.text('due_offset'),
  assignee: form.text('assignee'),
  control_refs: form.raw('control_refs').replaceAll('\r\n', '\n'),
});

export const typedFrom = (request: EvidenceRequestDoc): Typed => ({
  title: request.title,
  description: request.description,
  due_at: request.due_at?.toISOString().slice(0, 16) ?? '',
  due_offset: '',
  assignee: request.assignee ?? '',
  control_refs: request.control_refs.join('\n'),
});

/** What the API would be sent; its schema says what is wrong with it. */
export const inputOf = (typed: Typed) => ({
  title: typed.title,
  description: typed.description,
  due_at: dueOf(typed),
  assignee: typed.assignee || null,
  control_refs: typed.control_refs
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
});

/** The same, without a due time that nobody touched: the field has minutes only, the request may have seconds. */
export function changeIn(typed: Typed, { due_at }: EvidenceRequestDoc) {
  const { due_at: due, ...rest } = inputOf(typed);
  const minute = (iso: string | undefined | null) => iso?.slice(0, 16);
  return minute(due) === minute(due_at?.toISOString()) ? rest : { due_at: due, ...rest };
}

const dueOf = ({ due_at, due_offset }: Typed): string | null => (due_at === '' ? null : typedTime(due_at, due_offset));

/** A line's error belongs to the field that it stands in. */
export function byField({ fields, summary }: FormErrors): FormErrors {
  const named = [...fields].map(([path, message]): [string, string] => {
    const line = /^control_refs\[(\d+)\]$/.exec(path)?.[1];
    return line === undefined ? [path, message] : ['control_refs', `line ${Number(line) + 1}: ${message}`];
  });
  return { fields: new Map(named), summary };
}
