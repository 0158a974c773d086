import type { TicketDraft } from './port.js';
import { RawJson } from '../lib/json/index.js';

/**
 * What an admin adds to each ticket: the tracker's fields, each with any JSON, in whose texts `{title}` and such are
 * replaced.
 */
export type FieldMap = Record<string, unknown>;

const placeholder = /\{(title|url|severity|gateway|actor|policy|reason|subject_type|subject_id|org_id)\}/g;

/** What placeholders may add to one ticket: a map of 50 fields can name the longest text some 18,000 times. */
const maxFilledLength = 1_000_000;

/**
 * The fields that a map gives a ticket. A text that is one placeholder without a value leaves out its field, or its place
 * in a list; inside other text it becomes nothing. Values are cut where they come to more than a million characters.
 * @returns JSON, with numbers that may be `ExactNumber`; keys and everything but texts are as in the map
 */
export function applyFieldMap(map: FieldMap, draft: TicketDraft): Record<string, unknown> {
  return filledObject(map, { texts: textsOf(draft), left: maxFilledLength });
}

interface Values {
  texts: Map<string, string | null>;
  /** How many more characters may be filled in. */
  left: number;
}

function textsOf({ title, url, orgId, metadata }: TicketDraft): Values['texts'] {
  return new Map([
    ['title', title],
    ['url', url],
    ['org_id', orgId],
    ['severity', metadata.severity],
    ['gateway', metadata.gateway],
    ['actor', metadata.actor],
    ['policy', metadata.policy],
    ['reason', metadata.reason],
    ['subject_type', metadata.subject_type],
    ['subject_id', metadata.subject_id],
  ]);
}

/** Undefined for what is left out. */
function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return filledText(value, values);
  if (Array.isArray(value)) {
    return value.map((item) => filled(item, values)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null || value instanceof RawJson) return value;
  const object = filledObject(value, values);
  // `{"value": "{gateway}"}` without a gateway names nothing: trackers refuse an empty object.
  return Object.keys(object).length === 0 && Object.keys(value).length > 0 ? undefined : object;
}

function filledObject(object: object, values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object)
      .map(([key, value]): [string, unknown] => [key, filled(value, values)])
      .filter(([, value]) => value !== undefined),
  );
}

/** One pass: what a value holds is never read as a placeholder. */
function filledText(text: string, values: Values): string | undefined {
  const only = /^\{(\w+)\}$/.exec(text)?.[1];
  if (only !== undefined && values.texts.has(only)) return take(values, only) ?? undefined;
  return text.replace(placeholder, (_, name: string) => take(values, name) ?? '');
}

function take(values: Values, name: string): string | null {
  const value = values.texts.get(name)?.slice(0, values.left) ?? null;
  values.left -= value?.length ?? 0;
  return value;
}
