import type { Terminal } from '../terminal.js';
import { styleOf } from '../../lib/paint.js';
import { printable } from './printable.js';

/** A name and what it has; null and undefined are left out. */
export type Field = readonly [name: string, value: string | null | undefined];

/** One thing, a line a field. Further lines of a long text stand below its first. */
export function fields(entries: readonly Field[], { paint }: Pick<Terminal, 'paint'>): string {
  const shown = entries.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, value] as const],
  );
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 2;
  return shown
    .map(([name, value]) => {
      const text = printable(value).replaceAll('\n', `\n${' '.repeat(width)}`);
      return paint('dim', name.padEnd(width)) + paint(styleOf(value), text);
    })
    .join('\n');
}
