import { clip, lines } from '../lib/display-text.js';

/** What means something anywhere in a line; `_` only beside a word, and `&` only where it begins an entity. */
const inline = /[\\`*~[\]<|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)/gu;

/** One line from outside, for Markdown: it reads as it was written, and is no markup, no HTML and no link with a label. */
export function escapeLine(line: string): string {
  return (
    line
      .trim()
      .replace(inline, '\\$&')
      // What means something only where a line begins: headings, quotes, lists, rules and underlines.
      .replace(/^[#>+=-]/, '\\$&')
      .replace(/^(\d{1,9})(?=[.)])/, '$1\\')
  );
}

/** A text from outside as a quotation that keeps its lines. @param max in UTF-16 units, marks included */
export function quote(text: string, max: number): string {
  // Each unit becomes one or more: what is longer is cut in any case, and need not be cleaned whole.
  const quoted = lines(clip(text, max))
    .split('\n')
    .map((line) => `> ${escapeLine(line)}`.trimEnd())
    .join('\n');
  // No half of an escape before the ellipsis.
  return clip(quoted, max).replace(/(?<!\\)((?:\\\\)*)\\…$/, '$1…');
}
