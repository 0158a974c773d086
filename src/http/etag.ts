import { preconditionFailed } from './problem.js';

/** The ETag of a document that counts its versions: strong, since one version is one text. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * Whether a write may go on, by RFC 9110, 13.1.1. Without a header it may; `*` names any version; weak tags match nothing.
 * @param header If-Match, as it came
 * @throws Problem 412 when the document has another version by now
 */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '*') return;
  const named = header.split(',').map((tag) => tag.trim());
  if (!named.includes(etagOf(version))) throw changedSince();
}

/** For a write that lost against another one after its check. */
export const changedSince = () =>
  preconditionFailed('The document has changed since. Read it again, and send its ETag as If-Match.');
