import { parseUrl } from '../../lib/parse-url.js';

/** A path of this origin, whatever was asked for: never another site's. */
export function localPath(asked: string | null): string {
  const base = 'http://here.invalid';
  const url = asked?.startsWith('/') ? parseUrl(asked, base) : null;
  if (!url) return '/';
  const { origin, pathname, search } = url;
  return origin === base && !pathname.startsWith('//') ? pathname + search : '/';
}
