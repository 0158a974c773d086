import type { TicketDraft } from './port.js';

/**
 * What an admin adds to each ticket: the tracker's fields, each with any JSON, in whose texts `{title}` and such are
 * replaced.
 */
export type FieldMap = Record<string, unknown>;

const placeholder = /\{(title|url|severity|gateway|actor|policy|reason|subject_type|subject_id|org_id)\}/g;

/**
 * The fields that a map gives a ticket. A text that is one placeholder without a value leaves its field, or its place
 * in a list, out;
 * inside other text it becomes nothing.
 * @returns plain JSON; keys and everything but texts are as in the map
 */
export function applyFieldMap(map: FieldMap, draft: TicketDraft): Record<string, unknown> {
  return filledObject(map, valuesOf(draft));
}

type Values = Map<string, string | null>;

function valuesOf({ title, url, orgId, metadata }: TicketDraft): Values {
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
  if (typeof value !== 'object' || value === null) return value;
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
  if (only !== undefined && values.has(only)) return values.get(only) ?? undefined;
  return text.replace(placeholder, (_, name: string) => values.get(name) ?? '');
}
