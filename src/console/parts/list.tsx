import type { ComponentChildren } from 'preact';

/** Takes the place of an empty table, and says how to fill it. */
export const Empty = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section class="empty">
    <h2>{title}</h2>
    <div>{children}</div>
  </section>
);

/** The heading cells of a table. @param right names of the columns that are aligned to the right */
export const HeadRow = ({ columns, right = [] }: { columns: readonly string[]; right?: readonly string[] }) => (
  <tr>
    {columns.map((name) => (
      <th scope="col" key={name} class={right.includes(name) ? 'right' : undefined}>
        {name}
      </th>
    ))}
  </tr>
);

interface FilterSelectProps<V extends string> {
  name: string;
  values: readonly V[];
  /** The value in the page's query. */
  chosen: string | null;
  labelOf?: (value: V) => string;
}

/** Filters a list by one of a few values, or by none. */
export const FilterSelect = <V extends string>({ name, values, chosen, labelOf }: FilterSelectProps<V>) => (
  <select name={name}>
    <option value="">any</option>
    {values.map((value) => (
      <option key={value} value={value} selected={value === chosen}>
        {labelOf?.(value) ?? value}
      </option>
    ))}
  </select>
);

interface PagerProps {
  path: string;
  /** Of the page that is shown: its filters are kept. */
  query: URLSearchParams;
  nextCursor: string | null;
}

/** Links to the next and the first page of a list. */
export function Pager({ path, query, nextCursor }: PagerProps) {
  if (nextCursor === null && !query.has('cursor')) return null;
  const firstPage = new URLSearchParams(query);
  firstPage.delete('cursor');
  const nextPage = new URLSearchParams(firstPage);
  if (nextCursor !== null) nextPage.set('cursor', nextCursor);
  return (
    <nav class="pager" aria-label="Pages">
      {query.has('cursor') && <a href={`${path}?${firstPage.toString()}`}>First page</a>}
      {nextCursor !== null && (
        <a href={`${path}?${nextPage.toString()}`} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}
