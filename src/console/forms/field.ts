import type { ComponentChildren } from 'preact';
import { jsonPathText, parseJson } from './json.js';
import { stringifyJson } from '../../lib/json/index.js';

export interface Option {
  value: string;
  label: ComponentChildren;
  /** Explains the option, beside its label. */
  hint?: string;
}

interface CommonField {
  /** The control's name. */
  name: string;
  label: string;
  /** The control's id, where it isn't the name. */
  id?: string;
  /** Where the value goes in the API's body, as a dotted path; the name by default. null: it isn't part of the body. */
  path?: string | null;
  help?: ComponentChildren;
  /** Refuses an empty value. */
  required?: boolean;
  /** What an empty value becomes in the body. By default an empty string; null for a number and a time. */
  empty?: 'omit' | 'null';
  /** Sent only when it differs from the stored value. */
  onlyIfChanged?: boolean;
  /**
   * Converts the typed text to the API's value; `undefined` leaves the field out.
   * @throws FieldError
   */
  parse?: (typed: string, values: FormValues) => unknown;
  /** Further HTML attributes of the control. */
  attributes?: Record<`data-${string}` | `aria-${string}`, string | boolean>;
}

export interface TextField extends CommonField {
  kind: 'text' | 'password' | 'url' | 'number';
  maxLength?: number;
  placeholder?: string;
  autocomplete?: 'off' | 'email';
  autofocus?: boolean;
  /** Shown in a monospaced font. */
  code?: boolean;
  /** Neither the stored nor the typed value is ever rendered. */
  writeOnly?: boolean;
  /** Overrides the HTML attribute `required`, which otherwise follows the field. */
  htmlRequired?: boolean;
}

export interface AreaField extends CommonField {
  /** `lines`: a list with one entry per line. `json`: any JSON value. */
  kind: 'textarea' | 'lines' | 'json';
  /** With limits, the height follows the text. */
  rows: number | { min: number; max: number };
  maxLength?: number;
  placeholder?: string;
  code?: boolean;
}

export interface ChoiceField extends CommonField {
  /** `checkboxes` has a list of values, the others a single value. */
  kind: 'select' | 'radios' | 'checkboxes';
  options: readonly Option[];
  /** A CSS class of the group. */
  class?: string;
}

export interface CheckboxField extends CommonField {
  kind: 'checkbox';
  /** Explains the box, beside its label. */
  hint?: string;
}

export interface TimeField extends CommonField {
  kind: 'datetime';
  /** The hidden control with the minutes from local time to UTC, which the script fills in. Empty: the time is UTC. */
  offsetName: string;
}

/** The declaration of one control: its look, its conversion, and its place in the API's body. */
export type Field = TextField | AreaField | ChoiceField | CheckboxField | TimeField;

/** Values by control name. A checkbox is `on` or empty; `checkboxes` has a list. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/** Refuses a typed value. The messages are shown after the field's label: `must be a whole number`. */
export class FieldError extends Error {
  constructor(
    readonly messages: readonly string[],
    /** The part of the value that is valid, so that the schema can report its errors as well. */
    readonly partial?: unknown,
  ) {
    super(messages.join('; '));
    this.name = 'FieldError';
  }
}

export const optionsOf = (values: readonly string[]): Option[] => values.map((value) => ({ value, label: value }));

export function textOf(values: FormValues, name: string): string {
  const value = values[name] ?? '';
  return typeof value === 'string' ? value : (value[0] ?? '');
}

export function listOf(values: FormValues, name: string): readonly string[] {
  const value = values[name] ?? [];
  return typeof value === 'string' ? [value] : value;
}

/**
 * A field's value for the API.
 * @returns `undefined` to leave it out
 * @throws FieldError
 */
export function apiValue(field: Field, values: FormValues): unknown {
  if (field.kind === 'checkbox') return textOf(values, field.name) !== '';
  if (field.kind === 'checkboxes') {
    const chosen = listOf(values, field.name);
    if (field.required && chosen.length === 0) throw new FieldError(['must have at least one selected']);
    return chosen;
  }
  const typed = textOf(values, field.name);
  if (typed === '' && field.required) throw new FieldError(['is required']);
  if (typed === '' && field.empty !== undefined) return field.empty === 'omit' ? undefined : null;
  if (field.parse) return field.parse(typed, values);
  switch (field.kind) {
    case 'number':
      return wholeNumber(typed);
    case 'lines':
      return linesOf(typed);
    case 'json':
      return jsonValue(typed);
    case 'datetime':
      return typed === '' ? null : localToUtc(typed, textOf(values, field.offsetName));
    default:
      return typed;
  }
}

function wholeNumber(typed: string): number | null {
  if (typed === '') return null;
  if (!/^\d+$/.test(typed)) throw new FieldError(['must be a whole number']);
  return Number(typed);
}

/** Trimmed lines, without the empty ones. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function jsonValue(typed: string): unknown {
  const parsed = parseJson(typed);
  if ('message' in parsed) throw new FieldError([parsed.message]);
  return parsed.value;
}

/**
 * A time as `datetime-local` sends it, in UTC.
 * @param offset minutes from local time to UTC, as `Date.getTimezoneOffset` returns them; anything but a number counts as 0
 * @returns an ISO 8601 text; the typed text if it isn't a time
 */
export function localToUtc(typed: string, offset: string): string {
  const offsetMs = /^-?\d{1,4}$/.test(offset) ? Number(offset) * 60_000 : 0;
  const ms = Date.parse(`${typed}Z`) + offsetMs;
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? new Date(ms).toISOString() : typed;
}

/** A field's value as text for comparison. Ignores the white space in JSON and the time zone of a time. */
export function comparable(field: Field, values: FormValues): string {
  const text = textOf(values, field.name);
  switch (field.kind) {
    case 'checkbox':
      return text === '' ? 'no' : 'yes';
    case 'checkboxes':
      return listOf(values, field.name).join(', ');
    case 'datetime':
      return text === '' ? '' : localToUtc(text, textOf(values, field.offsetName));
    case 'json': {
      const parsed = parseJson(text);
      return 'message' in parsed ? text : stringifyJson(parsed.value);
    }
    default:
      return text;
  }
}

/** The message for an error inside a field's value. @param rest the path below the field: `[3]`, `.In Review` */
export function nestedMessage({ kind }: Field, rest: string, message: string): string {
  switch (kind) {
    case 'json':
      return `${jsonPathText(rest)} ${message}`;
    case 'lines':
      return `line ${Number(/^\[(\d+)\]/.exec(rest)?.[1] ?? 0) + 1}: ${message}`;
    case 'checkboxes':
      return message;
    default:
      return `${rest.replace(/^[.[]/, '').replace(/\]$/, '')} ${message}`;
  }
}
