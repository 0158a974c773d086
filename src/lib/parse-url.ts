/** Node's parser takes quadratic time for a host beyond ASCII. DNS names have at most 253 characters. */
const maxOriginLength = { ascii: 1_024, unicode: 320 };

/** Whether what stands before the path is too long: a scheme, credentials, a host and a port. */
function isOriginTooLong(text: string): boolean {
  // The parser ignores tabs and line breaks.
  const [origin] = /^[^/\\?#]*[/\\]*[^/\\?#]*/.exec(text.replace(/[\t\r\n]+/g, '')) ?? [''];
  const isAscii = !/[^\0-\x7f]/.test(origin);
  return origin.length > (isAscii ? maxOriginLength.ascii : maxOriginLength.unicode);
}

/**
 * @returns null for what is no absolute URL, and not one relative to `base` either; null for an origin that is longer than
 * any that DNS can resolve
 *
 * In place of `URL.canParse`: once Node 20 has compiled a caller of that, it refuses every address that holds a letter of
 * Latin-1 beyond ASCII.
 */
export function parseUrl(text: string, base?: string): URL | null {
  if (isOriginTooLong(text)) return null;
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** Whether people can be led there: http or https, without spaces or credentials. */
export function isWebUrl(text: string): boolean {
  if (!/^https?:\/\/\S+$/i.test(text)) return false;
  const url = parseUrl(text);
  return url?.username === '' && url.password === '';
}
