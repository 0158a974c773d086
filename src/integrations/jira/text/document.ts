import { doc, node, text, type AdfDocument, type AdfNode } from './adf.js';
import { blocks } from './markdown-blocks.js';
import { inline } from './markdown-inline.js';

/**
 * Jira's limit of a text. What it counts is not documented: the document as JSON is the longest that it could be, so
 * one
 * that fits is taken in any case.
 */
const longestDocument = 32_767;
/** Each closer guess costs a reading of the whole text. */
const fullEnough = 31_500;
const mostGuesses = 12;

/**
 * A document of Markdown, cut with `…` where Jira would refuse it for its length.
 * @param before put first, whole
 * @param after put last, whole
 * @param whenCut put after what was cut, in place of `after`
 */
export function document(
  markdown: string,
  { before = [], after = [], whenCut = after }: { before?: AdfNode[]; after?: AdfNode[]; whenCut?: AdfNode[] } = {},
): AdfDocument {
  const whole = doc([...before, ...blocks(markdown), ...after]);
  if (sizeOf(whole) <= longestDocument) return whole;
  const bare = doc([...before, ...whenCut]);
  let best = { length: 0, size: sizeOf(bare), made: bare };
  let tooLong = { length: markdown.length, size: sizeOf(whole) };
  for (let guess = 0; guess < mostGuesses && best.size < fullEnough; guess++) {
    // By what the text so far became; every other time by half, for markup is spread unevenly.
    const byLength = (longestDocument - best.size) / (tooLong.size - best.size);
    const share = guess % 2 === 0 ? byLength * 0.99 : 0.5;
    const length = best.length + Math.floor((tooLong.length - best.length) * share);
    const made = doc([...before, ...blocks(clipped(markdown, length)), ...whenCut]);
    const size = sizeOf(made);
    if (size > longestDocument) tooLong = { length, size };
    else best = { length, size, made };
  }
  return best.made;
}

/** The name of who wrote a comment, as a line of its own. */
export const byline = (author: string): AdfNode[] => [
  node('paragraph', text(clipped(oneLine(author), 200) || 'Drawbridge', [{ type: 'strong' }])),
];

/** A paragraph of plain text, in which addresses are links. */
export const remark = (words: string, url: string): AdfNode =>
  node('paragraph', [...text(`${words} `), ...inline(`<${url}>`)]);

export const oneLine = (value: string): string => value.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** At most this many UTF-16 units, the ellipsis included; no pair of surrogates is cut in two. */
export function clipped(value: string, longest: number): string {
  if (value.length <= longest) return value;
  return `${value.slice(0, Math.max(0, longest - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

const sizeOf = (document: AdfDocument) => JSON.stringify(document).length;
