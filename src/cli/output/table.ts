import type { Paint, Style } from '../../lib/paint.js';
import { oneLine } from './printable.js';
import { cut, textWidth } from './text-width.js';

export interface Column<T> {
  title: string;
  of: (row: T) => string;
  align?: 'right';
  /** May be cut when the terminal is narrow. Ids are not: they are there to be copied. */
  flexible?: true;
  /** The style of a cell; its text says the same. */
  style?: (text: string) => Style | null;
}

interface Layout {
  /** Null: as wide as it gets. */
  width: number | null;
  paint: Paint;
}

const gap = '  ';
const leastWidth = 6;

/** A table of rows that fits into the width, as far as only the flexible columns shrink. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], { width, paint }: Layout): string {
  const cells = rows.map((row) => columns.map(({ of }) => oneLine(of(row)) || '–'));
  const natural = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const widths = width === null ? natural : shrink(columns, natural, width);
  const line = (texts: readonly string[], styleAt: (index: number, text: string) => Style | null) =>
    texts
      .map((text, index) => {
        const room = widths[index] ?? 0;
        const shown = cut(text, room);
        const padding = ' '.repeat(Math.max(0, room - textWidth(shown)));
        const painted = paint(styleAt(index, text), shown);
        return columns[index]?.align === 'right' ? padding + painted : painted + padding;
      })
      .join(gap)
      .trimEnd();
  const head = line(
    columns.map(({ title }) => title),
    () => 'dim',
  );
  return [head, ...cells.map((row) => line(row, (index, text) => columns[index]?.style?.(text) ?? null))].join('\n');
}

/** Takes what is too much from the widest flexible column, again and again. */
function shrink<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const excess = () => widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1)) - width;
  for (let over = excess(); over > 0; over = excess()) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const here = widths[index] ?? 0;
      if (column.flexible && here > leastWidth && here > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
