import type { Terminal } from '../terminal.js';
import { statusStyle, type Paint, type Style } from '../../lib/paint.js';
import { cut, oneLine, printable, textWidth } from './text.js';

export interface Column<T> {
  title: string;
  of: (row: T) => string;
  align?: 'right';
  /** May be cut when the terminal is narrow. Ids are never cut: readers copy them. */
  flexible?: true;
  /** The style of a cell. Styles only repeat what the text says. */
  style?: (text: string) => Style | null;
}

interface Layout {
  /** In columns; null is unlimited. */
  width: number | null;
  paint: Paint;
}

const gap = '  ';
const minWidth = 6;

/** A table, cut to the width as far as its flexible columns allow. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], { width, paint }: Layout): string {
  const cells = rows.map((row) => columns.map(({ of }) => oneLine(of(row)) || '–'));
  const natural = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const widths = width === null ? natural : shrink(columns, natural, width);
  const line = (texts: readonly string[], styleAt: (index: number, text: string) => Style | null) =>
    texts
      .map((text, index) => {
        const columnWidth = widths[index] ?? 0;
        const shown = cut(text, columnWidth);
        const padding = ' '.repeat(Math.max(0, columnWidth - textWidth(shown)));
        const painted = paint(styleAt(index, text), shown);
        return columns[index]?.align === 'right' ? padding + painted : painted + padding;
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map(({ title }) => title);
  const head = line(titles, () => 'dim');
  const body = cells.map((row) => line(row, (index, text) => columns[index]?.style?.(text) ?? null));
  return [head, ...body].join('\n');
}

/** Takes one column at a time from the widest flexible column until the table fits. */
function shrink<T>(columns: readonly Column<T>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const excess = () => widths.reduce((sum, each) => sum + each, gap.length * (widths.length - 1)) - width;
  while (excess() > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const current = widths[index] ?? 0;
      if (column.flexible && current > minWidth && current > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A field's name and its value; null, undefined and empty values are left out. */
export type Field = readonly [name: string, value: string | null | undefined];

/** One object, a line a field. Further lines of a long value are indented below its first. */
export function fields(entries: readonly Field[], { paint }: Pick<Terminal, 'paint'>): string {
  const shown = entries.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 2;
  return shown
    .map(([name, value]) => {
      const text = printable(value).replaceAll('\n', `\n${' '.repeat(width)}`);
      return paint('dim', name.padEnd(width)) + paint(statusStyle(value), text);
    })
    .join('\n');
}
