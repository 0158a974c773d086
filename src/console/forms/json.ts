import { parseJsonExactly, parseJsonWithSources, RawJson, stringifyJson } from '../../lib/json/index.js';

/**
 * Parses JSON that a person typed.
 * @returns the value, or a message that says where the text stops being JSON
 */
export function parseJson(text: string): { value: unknown } | { message: string } {
  try {
    return { value: parseJsonWithSources(text) };
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return { message: `is not JSON${placeOf(text, position)}` };
  }
}

function placeOf(text: string, position: string | undefined): string {
  if (text.trim() === '') return ': it is empty';
  if (position === undefined) return ': it ends too early, or begins with something else';
  const before = text.slice(0, Number(position)).split('\n');
  return `: look at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Indented, for reading and editing. */
export const jsonText = (value: unknown): string =>
  stringifyJson(value instanceof RawJson ? parseJsonExactly(value.text) : value, 2);

/** On one line, with spaces: `{ "risk": { "$gte": 80 } }`. @param maxLength in UTF-16 units */
export function jsonLine(value: unknown, maxLength = 200): string {
  const compact = stringifyJson(value);
  // Indentation grows with depth, so only a short text is indented first.
  const line = compact.length > maxLength ? compact : stringifyJson(value, 1).replaceAll(/\n\s*/g, ' ');
  return line.length <= maxLength ? line : `${line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A path inside a JSON text as people read it, counted from 1: `.$or[1].risk` → `› $or › no. 2 › risk`. */
export const jsonPathText = (path: string): string =>
  path
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => `.no_${Number(index) + 1}`)
    .replaceAll('.', ' › ')
    .replaceAll(' › no_', ' › no. ')
    .trim();
