import type { ComponentChildren } from 'preact';

/** In place of an empty table: what would fill it, and how. */
export const Empty = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section class="empty">
    <h2>{title}</h2>
    <div>{children}</div>
  </section>
);
