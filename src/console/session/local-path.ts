/** A path of this origin, whatever was asked for: never another site's. */
export function localPath(asked: string | null): string {
  const base = 'http://here.invalid';
  if (!asked?.startsWith('/') || !URL.canParse(asked, base)) return '/';
  const { origin, pathname, search } = new URL(asked, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search : '/';
}
