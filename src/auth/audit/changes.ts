import type { AuditChanges } from '../../http/audit.js';
import { canonicalJson } from '../../lib/canonical-json.js';
import { parseUrl } from '../../lib/parse-url.js';

type Fields = Record<string, unknown>;

/** They follow from what was done, or change by themselves. */
const derivedFields = new Set(['id', 'created_at', 'updated_at', 'version', 'last_used_at', 'health']);

/** Texts under such names are never stored. The booleans that say whether they are set are. */
const secretName = /secret|token|password|credential|authorization|api_key|routing_key|private_key|^key$/i;

const maxValueLength = 2_000;
const maxDepth = 12;

/** The fields that differ, with both values. @param before null before a create @param after null after a delete */
export function changesBetween(before: Fields | null, after: Fields | null): AuditChanges {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changes: AuditChanges = {};
  for (const name of names) {
    if (derivedFields.has(name)) continue;
    const [old, now] = [before?.[name] ?? null, after?.[name] ?? null];
    if (canonicalJson(old) === canonicalJson(now)) continue;
    const shown = { before: storable(name, old), after: storable(name, now) };
    // Of what differs in hidden parts only, the name says all there is to say.
    if (canonicalJson(shown.before) !== canonicalJson(shown.after)) changes[name] = shown;
  }
  return changes;
}

/** The names of the fields that differ, those of hidden values too. */
export function changedNames(before: Fields | null, after: Fields | null): string[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.filter(
    (name) =>
      !derivedFields.has(name) && canonicalJson(before?.[name] ?? null) !== canonicalJson(after?.[name] ?? null),
  );
}

/** A value as it may be stored: without secrets, and cut when it is long. */
function storable(name: string, value: unknown): unknown {
  const shown = withoutSecrets(value, secretName.test(name), 0);
  const json = canonicalJson(shown);
  return json.length <= maxValueLength ? shown : `${json.slice(0, maxValueLength)}…`;
}

function withoutSecrets(value: unknown, isSecret: boolean, depth: number): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return isSecret ? '[hidden]' : withoutPath(value);
  if (typeof value !== 'object') return value;
  if (depth > maxDepth) return '[hidden]';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, isSecret, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      withoutSecrets(inner, isSecret || secretName.test(name), depth + 1),
    ]),
  );
}

/** The path and the query of a URL may be a token, as those of chats' webhooks are. */
function withoutPath(text: string): string {
  const url = /^https?:\/\/\S+$/i.test(text) ? parseUrl(text) : null;
  if (!url) return text;
  const { origin, pathname, search, hash } = url;
  return pathname === '/' && search === '' && hash === '' ? origin : `${origin}/…`;
}
