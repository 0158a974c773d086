import type { ConnectionProvider } from '../../integrations/connections/model.js';
import type { MappedSeverity } from '../../lib/severity.js';
import { FieldError } from '../forms/field.js';
import { parseJsonExactly, stringifyJson } from '../../lib/json/index.js';

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

/**
 * Splits a line at its last `=` or `:`, for a tracker's status may contain both and ours contains neither. A regular expression
 * for the same takes quadratic time.
 */
function statusPair(line: string): { remote: string; local: string } | null {
  const sign = Math.max(line.lastIndexOf('='), line.lastIndexOf(':'));
  const remote = line.slice(0, Math.max(sign, 0)).trimEnd();
  return remote === '' ? null : { remote, local: line.slice(sign + 1).trimStart() };
}

/** The API checks the statuses themselves. @throws FieldError for a malformed line, and for a status that is mapped twice */
export function parseStatusMap(typed: string): Record<string, string> {
  // Without a prototype, since a status may be called `__proto__`.
  const map = Object.create(null) as Record<string, string>;
  for (const [index, line] of typed.split('\n').entries()) {
    if (line.trim() === '') continue;
    const pair = statusPair(line.trim());
    if (pair === null) throw new FieldError([`needs “their status = our status” on line ${index + 1}`]);
    const { remote, local } = pair;
    if (Object.hasOwn(map, remote)) throw new FieldError([`maps “${remote}” twice`]);
    map[remote] = local;
  }
  return map;
}

/** Indented JSON; empty for an empty map. */
export const fieldMapText = (map: object): string => (Object.keys(map).length === 0 ? '' : stringifyJson(map, 2));

/** The API checks the fields themselves. @throws FieldError for text that isn't JSON */
export function parseFieldMap(typed: string): unknown {
  if (typed.trim() === '') return {};
  try {
    return parseJsonExactly(typed);
  } catch {
    throw new FieldError(['must be a JSON object, such as {"customfield_10010": "{gateway}"}']);
  }
}
