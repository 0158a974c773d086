import type { SeverityMap } from '../../integrations/connections/maps.js';
import { unprocessable } from '../../http/problem.js';
import type { MappedSeverity } from '../../lib/severity.js';

/** `Highest`, or `1/2` for impact and urgency. */
export const severityText = (value: MappedSeverity | undefined): string =>
  typeof value === 'object' ? `${value.impact}/${value.urgency}` : (value ?? '');

const pair = /^([1-3])\s*\/\s*([1-3])$/;

export const isPair = (text: string): boolean => pair.test(text);

/** @param isPaired whether this tracker has impact and urgency */
function severityOf(text: string, isPaired: boolean): MappedSeverity {
  const [, impact, urgency] = isPaired ? (pair.exec(text) ?? []) : [];
  return impact && urgency ? { impact: Number(impact), urgency: Number(urgency) } : text;
}

/** Those that are not empty. What reads as it did stays as it was. */
export function readSeverities(
  typed: readonly (readonly [keyof SeverityMap, string])[],
  isPaired: boolean,
  current: SeverityMap = {},
): SeverityMap {
  const given = typed.filter(([, text]) => text !== '');
  return Object.fromEntries(
    given.map(([name, text]) => {
      const before = current[name];
      return [name, before !== undefined && severityText(before) === text ? before : severityOf(text, isPaired)];
    }),
  );
}

/** `Done = accepted`, a line each. */
export const statusText = (map: object): string =>
  Object.entries(map)
    .map(([remote, ours]) => `${remote} = ${ours as string}`)
    .join('\n');

/** A line at its last `=` or `:`: the tracker's names hold anything but line ends, ours hold neither sign. */
function statusPair(line: string): { remote: string; ours: string } | null {
  const sign = Math.max(line.lastIndexOf('='), line.lastIndexOf(':'));
  const remote = line.slice(0, Math.max(sign, 0)).trimEnd();
  return remote === '' ? null : { remote, ours: line.slice(sign + 1).trimStart() };
}

/** @throws Problem 422 for a line that says nothing, and for a status twice; which statuses there are is the API's business */
export function readStatuses(text: string): Record<string, string> {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), at: index + 1 }));
  const map = new Map<string, string>();
  for (const { line, at } of lines.filter(({ line }) => line !== '')) {
    const pair = statusPair(line);
    if (pair === null) throw wrong('status_map', `needs “theirs = ours” on line ${at}`);
    const { remote, ours } = pair;
    if (map.has(remote)) throw wrong('status_map', `names “${remote}” twice`);
    map.set(remote, ours);
  }
  return bare(map);
}

/** JSON, or nothing. */
export const fieldText = (map: object): string => (Object.keys(map).length === 0 ? '' : JSON.stringify(map, null, 2));

/** @throws Problem 422 for what is no JSON; which fields there may be is the API's business */
export function readFields(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('field_map', 'must be a JSON object, such as {"customfield_10010": "{gateway}"}');
  }
}

/** Without a prototype: a status may be called anything. */
const bare = (map: ReadonlyMap<string, string>): Record<string, string> => {
  const object = Object.create(null) as Record<string, string>;
  for (const [name, value] of map) object[name] = value;
  return object;
};

const wrong = (path: string, message: string) => unprocessable([{ path, message }]);
