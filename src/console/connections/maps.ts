import type { ConnectionProvider } from '../../connections/model.js';
import type { MappedSeverity } from '../../providers/port.js';
import { FieldError } from '../forms/field.js';

/** `Highest`, or `1/2` for impact and urgency. */
export const severityText = (value: MappedSeverity | undefined): string =>
  typeof value === 'object' ? `${value.impact}/${value.urgency}` : (value ?? '');

const impactAndUrgency = /^([1-3])\s*\/\s*([1-3])$/;

/**
 * @param stored kept as it is when the text is the same: `1` and `"1"` look alike
 * @throws FieldError
 */
export function parseSeverity(
  typed: string,
  provider: ConnectionProvider,
  stored: MappedSeverity | undefined,
): MappedSeverity {
  if (stored !== undefined && severityText(stored) === typed) return stored;
  const [, impact, urgency] = provider === 'jira' ? [] : (impactAndUrgency.exec(typed) ?? []);
  if (impact && urgency) return { impact: Number(impact), urgency: Number(urgency) };
  if (provider === 'servicenow') throw new FieldError(['must be like 1/2']);
  return typed;
}

/** One line per status: `Done = accepted`. */
export const statusMapText = (map: object): string =>
  Object.entries(map)
    .map(([remote, local]) => `${remote} = ${local as string}`)
    .join('\n');

/** A tracker's status may contain any character but a line end; a local status contains neither `=` nor `:`. */
const statusLine = /^(.+?)\s*[=:]\s*([^=:]*)$/;

/** The API checks the statuses themselves. @throws FieldError for a malformed line, and for a status that is mapped twice */
export function parseStatusMap(typed: string): Record<string, string> {
  // Without a prototype, since a status may be called `__proto__`.
  const map = Object.create(null) as Record<string, string>;
  for (const [index, line] of typed.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, remote, local] = statusLine.exec(line.trim()) ?? [];
    if (remote === undefined || local === undefined) {
      throw new FieldError([`needs “their status = our status” on line ${index + 1}`]);
    }
    if (Object.hasOwn(map, remote)) throw new FieldError([`maps “${remote}” twice`]);
    map[remote] = local;
  }
  return map;
}

/** Indented JSON; empty for an empty map. */
export const fieldMapText = (map: object): string =>
  Object.keys(map).length === 0 ? '' : JSON.stringify(map, null, 2);

/** The API checks the fields themselves. @throws FieldError for text that isn't JSON */
export function parseFieldMap(typed: string): unknown {
  if (typed.trim() === '') return {};
  try {
    return JSON.parse(typed);
  } catch {
    throw new FieldError(['must be a JSON object, such as {"customfield_10010": "{gateway}"}']);
  }
}
