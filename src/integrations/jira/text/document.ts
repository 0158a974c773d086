import { doc, node, text, type AdfDocument, type AdfNode } from './adf.js';
import { blocks } from './markdown.js';

/**
 * Jira's limit of a text. What it counts isn't documented: the document as JSON is the longest reading, so a document
 * within it is always accepted.
 */
const maxDocumentLength = 32_767;
/** Longer Markdown is cut before it is read. The API's texts end at 32,000 characters. */
const maxMarkdownLength = 65_536;

interface Surroundings {
  /** Put first, whole. */
  before?: AdfNode[];
  /** Put last, whole. */
  after?: AdfNode[];
  /** Put last in place of `after` where the text was cut. */
  whenCut?: AdfNode[];
}

/** A document of Markdown, cut with `…` where Jira would refuse it for its length. */
export function document(
  markdown: string,
  { before = [], after = [], whenCut = after }: Surroundings = {},
): AdfDocument {
  const content = blocks(markdown.slice(0, maxMarkdownLength), maxDocumentLength);
  const whole = doc([...before, ...content, ...after]);
  if (markdown.length <= maxMarkdownLength && sizeOf(whole) <= maxDocumentLength) return whole;
  const room = maxDocumentLength - sizeOf(doc([...before, ...whenCut])) - 1;
  return doc([...before, ...shortened(content, room), ...whenCut]);
}

const ellipsis = node('paragraph', text('…'));

/** As much of the nodes as fits, with an ellipsis at its end. @param room in characters of JSON, commas included */
function shortened(nodes: AdfNode[], room: number): AdfNode[] {
  const kept = fitting(nodes, room - sizeOf(ellipsis) - 1);
  return lastText(kept.at(-1)).endsWith('…') ? kept : [...kept, ellipsis];
}

function fitting(nodes: AdfNode[], room: number): AdfNode[] {
  const kept: AdfNode[] = [];
  let left = room;
  for (const next of nodes) {
    left -= sizeOf(next) + 1;
    if (left < 0) {
      const part = beginningOf(next, left + sizeOf(next));
      return part === null ? kept : [...kept, part];
    }
    kept.push(next);
  }
  return kept;
}

/** The beginning of a node that is too long; null when nothing of it fits. */
function beginningOf(whole: AdfNode, room: number): AdfNode | null {
  if (whole.text !== undefined) return beginningOfText(whole, whole.text, room);
  const content = fitting(whole.content ?? [], room - sizeOf({ ...whole, content: [] }));
  return content.length === 0 ? null : { ...whole, content };
}

function beginningOfText(whole: AdfNode, value: string, room: number): AdfNode | null {
  const cutAt = (length: number) => ({ ...whole, text: clipped(value, length) });
  let [fits, tooLong] = [0, value.length];
  while (tooLong - fits > 1) {
    const length = Math.floor((fits + tooLong) / 2);
    if (sizeOf(cutAt(length)) <= room) fits = length;
    else tooLong = length;
  }
  return fits < 2 ? null : cutAt(fits);
}

const lastText = (last: AdfNode | undefined): string =>
  last?.text ?? (last?.content ? lastText(last.content.at(-1)) : '');

/** The author of a comment, as a line of its own. */
export const byline = (author: string): AdfNode[] => [
  node('paragraph', text(clipped(oneLine(author), 200) || 'Drawbridge', [{ type: 'strong' }])),
];

/** A paragraph of a label and a link. @param href a safe one */
export const remark = (label: string, href: string): AdfNode =>
  node('paragraph', [...text(`${label} `), ...text(href, [{ type: 'link', attrs: { href } }])]);

export const oneLine = (value: string): string => value.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** At most this many UTF-16 units, the ellipsis included; no pair of surrogates is cut in two. */
export function clipped(value: string, maxLength: number): string {
  if (value.length <= maxLength) return value;
  return `${value.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

const sizeOf = (value: AdfNode) => JSON.stringify(value).length;
