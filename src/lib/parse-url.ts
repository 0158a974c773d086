/**
 * @returns null for what is no absolute URL, and not one relative to `base` either
 *
 * In place of `URL.canParse`: once Node 20 has compiled a caller of that, it refuses every address that holds a letter of
 * Latin-1 beyond ASCII.
 */
export function parseUrl(text: string, base?: string): URL | null {
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
