import { wellFormed } from '../lib/text.js';

const mark = '[redacted]';

/** Takes what must not be shown out of a text. */
export type Redact = (text: string) => string;

/**
 * Makes the function that takes these secrets, in the spellings that an answer may repeat them in, and anything that looks
 * like credentials out of a text.
 * @param secrets keys and tokens; those under four characters are left, they would blank out ordinary words
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const spellings = [...new Set(secrets.flatMap(spellingsOf))]
    .filter((secret) => secret.length >= 4)
    // The longest first, so that none is left in halves by a shorter one inside it.
    .sort((a, b) => b.length - a.length);
  return (text) =>
    spellings
      .reduce((left, secret) => left.replaceAll(secret, mark), text)
      .replace(/\b(proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?[^\r\n"',;<>]{1,4096}/gi, `authorization: ${mark}`)
      // A digit or some length: "Basic authentication" is no credential.
      .replace(/\b(bearer|basic)\s{1,8}(?:(?=[\w.~+/=-]*\d)[\w.~+/=-]{6,}|[\w.~+/=-]{16,})/gi, `$1 ${mark}`);
}

/**
 * What of a URL must not be shown: all but the scheme and the host, because paths and queries of webhooks are credentials.
 * @returns its user name and password, path, longer path segments, query and query values
 */
export function secretsOfUrl(url: URL): string[] {
  const userinfo = [url.username, url.password].map(decoded);
  const segments = url.pathname.split('/').filter((segment) => segment.length >= 8);
  return [
    ...userinfo,
    Buffer.from(userinfo.join(':')).toString('base64'),
    url.href,
    url.pathname + url.search,
    url.pathname,
    ...segments,
    url.search,
    ...[...url.searchParams.values()].filter((value) => value.length >= 6),
  ];
}

function spellingsOf(secret: string): string[] {
  return [secret, decoded(secret), encodeURIComponent(wellFormed(secret)), JSON.stringify(secret).slice(1, -1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
