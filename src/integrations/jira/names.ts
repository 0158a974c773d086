import { ProviderError } from '../../lib/provider-errors.js';
import { withoutTrailingSlashes } from '../../lib/text.js';

const keyPattern = /^[A-Z][A-Z0-9_]{0,60}-\d{1,12}$/i;
const idPattern = /^\d{1,20}$/;
const projectPattern = /^[A-Z][A-Z0-9_]{0,60}$/i;

export const isKey = (value: string): boolean => keyPattern.test(value);
export const isId = (value: string): boolean => idPattern.test(value);
export const isProjectKey = (value: string): boolean => projectPattern.test(value);

/**
 * An issue's own path: by its id where it is known, for keys change when issues move.
 * @throws ProviderError, final, for names that are none of Jira's
 */
export function issuePath({
  externalId,
  externalRef,
}: {
  externalId: string | null;
  externalRef: string | null;
}): string {
  const name = [externalRef, externalId].find((value) => value !== null && (isId(value) || isKey(value)));
  if (name == null) throw new ProviderError('not_an_issue', 'The ticket has no id that Jira could know.', false);
  return `/issue/${encodeURIComponent(name)}`;
}

/** The issue's page; null behind the gateway of scoped tokens, which has no pages. Never from an answer. */
export function browseUrl(baseUrl: URL, key: string): string | null {
  if (baseUrl.hostname === 'api.atlassian.com') return null;
  return `${baseUrl.origin}${withoutTrailingSlashes(baseUrl.pathname)}/browse/${encodeURIComponent(key)}`;
}

/** The label that a link's issue is found by. @throws ProviderError, final, for what could end a JQL text */
export function linkLabel(linkId: string): string {
  if (!/^[\w-]{1,200}$/.test(linkId)) throw new ProviderError('bad_link_id', 'The link has no usable id.', false);
  return `drawbridge-${linkId}`;
}
