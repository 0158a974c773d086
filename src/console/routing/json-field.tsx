import type { ComponentChildren } from 'preact';
import { unprocessable } from '../../http/problem.js';
import type { FormErrors } from '../form.js';

/**
 * Parses what was typed as JSON.
 * @param path of the field
 * @throws Problem 422 saying where it stops to be JSON
 */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const at = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw unprocessable([{ path, message: `is not JSON${placeOf(text, at)}` }]);
  }
}

function placeOf(text: string, position: string | undefined): string {
  if (text.trim() === '') return ': it is empty';
  if (position === undefined) return ': it ends too early, or begins with something else';
  const before = text.slice(0, Number(position)).split('\n');
  return `: look at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** As people read it. */
export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

/** In one line, with room to breathe: `{ "risk": { "$gte": 80 } }`. @param longest in UTF-16 units */
export function jsonLine(value: unknown, longest = 200): string {
  const compact = JSON.stringify(value);
  // Laid out, what is deep would grow without measure.
  const line = compact.length > longest ? compact : JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `match.$or[1].risk` → `match › $or › no. 2 › risk`: counted as people count. */
const pathWords = (path: string): string =>
  path
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => `.no_${Number(index) + 1}`)
    .replaceAll('.', ' › ')
    .replaceAll(' › no_', ' › no. ');

/** @param errors those of this field and of what is inside it, by their paths; others are left alone */
export function inWords(errors: FormErrors, path: string): FormErrors {
  const inside = (at: string) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
  return {
    ...errors,
    fields: new Map([...errors.fields].map(([at, message]) => [inside(at) ? pathWords(at) : at, message])),
  };
}

interface JsonFieldProps {
  label: string;
  name: string;
  value: string;
  rows: number;
  help: ComponentChildren;
  errors: FormErrors;
}

/** A field for JSON: all that is wrong inside it stands beside it, each with its place. */
export function JsonField({ label, name, value, rows, help, errors }: JsonFieldProps) {
  const wrong = [...errors.fields].filter(([path]) => path === name || path.startsWith(`${name} › `));
  const describedBy = [`${name}-help`, ...(wrong.length > 0 ? [`${name}-error`] : [])].join(' ');
  return (
    <div class={wrong.length > 0 ? 'field wrong json' : 'field json'}>
      <label for={name}>{label}</label>
      <textarea
        class="code"
        id={name}
        name={name}
        rows={rows}
        spellcheck={false}
        aria-describedby={describedBy}
        {...(wrong.length > 0 && { 'aria-invalid': 'true' as const })}
      >
        {value}
      </textarea>
      {wrong.length > 0 && (
        <div id={`${name}-error`}>
          {wrong.map(([path, message]) => (
            <p class="error" key={path}>
              {`${label}${path.slice(name.length)} ${message}`}
            </p>
          ))}
        </div>
      )}
      <div class="help" id={`${name}-help`}>
        {help}
      </div>
    </div>
  );
}
