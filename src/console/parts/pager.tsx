/** To the next page of a list, with its filters kept. @param query of the page that is shown */
export function Pager({
  path,
  query,
  nextCursor,
}: {
  path: string;
  query: URLSearchParams;
  nextCursor: string | null;
}) {
  const first = new URLSearchParams(query);
  first.delete('cursor');
  const next = new URLSearchParams(first);
  if (nextCursor !== null) next.set('cursor', nextCursor);
  if (nextCursor === null && !query.has('cursor')) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {query.has('cursor') && <a href={`${path}?${first.toString()}`}>First page</a>}
      {nextCursor !== null && (
        <a href={`${path}?${next.toString()}`} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}
