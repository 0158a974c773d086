import type { ListItem, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { cleaned, hardBreak, node, safeHref, text, type AdfNode } from './adf.js';
import { bareUrlSyntax, splitAtUrls, type TextPiece } from './bare-url.js';
import { codeLines } from './code-lines.js';
import { parsableLength } from './markdown-cost.js';
import { toAdf } from './mdast-to-adf.js';

/** In units of `parsableLength`. Most texts are parsed whole within the first. */
const parseBudget = { first: 250, last: 1_600 };

/** Each would turn text that people write by accident into something else: HTML, references, indented code, underlines. */
const disabled = ['htmlFlow', 'htmlText', 'definition', 'codeIndented', 'setextUnderline'];

/**
 * Converts Markdown (CommonMark with `~~strikethrough~~` and bare URLs) to blocks of ADF. Each line of a paragraph stays a
 * line. HTML, tables and footnotes stay text. Never throws.
 *
 * micromark is slow on hostile text, so what costs more than the last budget becomes plain paragraphs.
 * @param maxSize how many characters of JSON the caller has room for; reading stops soon after that
 */
export function blocks(markdown: string, maxSize = Number.POSITIVE_INFINITY): AdfNode[] {
  const source = separateAnswers(cleaned(markdown));
  let budget = parseBudget.first;
  for (;;) {
    const beginning = source.slice(0, parsableLength(source, budget));
    const tree = parse(beginning);
    if (beginning.length === source.length) return toAdf(tree.children, source);
    const end = removeUnfinished(tree, beginning);
    const content = toAdf(tree.children, source);
    const size = JSON.stringify(content).length;
    if (size > maxSize) return content;
    if (budget === parseBudget.last) {
      return [...content, ...plainParagraphs(source.slice(end), maxSize - size)];
    }
    // As much as fills the room, if the text goes on as it began.
    budget = Math.min(parseBudget.last, Math.max(2 * budget, Math.ceil((1.3 * budget * maxSize) / size)));
  }
}

const parse = (source: string): Root =>
  fromMarkdown(source, {
    extensions: [gfmStrikethrough({ singleTilde: false }), bareUrlSyntax(source), { disable: { null: disabled } }],
    mdastExtensions: [gfmStrikethroughFromMarkdown()],
  });

/**
 * Removes the last block, or the last item of a list: the text that was cut off may belong to it. An empty line ends what
 * is neither a list nor code.
 * @returns where the text begins that is not in the tree
 */
function removeUnfinished({ children }: Root, source: string): number {
  const last = children.at(-1);
  if (source.endsWith('\n\n') && last?.type !== 'list' && last?.type !== 'code') return source.length;
  const siblings: (RootContent | ListItem)[] =
    last?.type === 'list' && last.children.length > 1 ? last.children : children;
  return siblings.pop()?.position?.start.offset ?? 0;
}

/**
 * Puts an empty line between a quotation and the line right below it, which people mean as their answer. CommonMark
 * continues the quotation's last paragraph there.
 */
function separateAnswers(source: string): string {
  const lines = source.split('\n');
  const isCode = codeLines(lines);
  const isQuoted = (at: number) => isCode[at] !== true && lines[at]?.startsWith('>') === true;
  return lines.map((line, at) => (isQuoted(at - 1) && !isQuoted(at) ? `\n${line}` : line)).join('\n');
}

/** Paragraphs without any markup; bare URLs are links. Reading stops when there is more text than `maxLength`. */
function plainParagraphs(source: string, maxLength: number): AdfNode[] {
  const paragraphs: AdfNode[] = [];
  let content: AdfNode[] = [];
  let length = 0;
  const end = () => {
    if (content.length > 0) paragraphs.push(node('paragraph', content));
    content = [];
  };
  for (const line of source.split('\n').map((each) => each.trim())) {
    if (length > maxLength) break;
    length += line.length;
    if (line === '') end();
    else content.push(...(content.length > 0 ? [hardBreak] : []), ...splitAtUrls(line).flatMap(linkedPiece));
  }
  end();
  return paragraphs;
}

function linkedPiece({ text: value, isUrl }: TextPiece): AdfNode[] {
  const href = isUrl ? safeHref(value) : null;
  return text(value, href === null ? [] : [{ type: 'link', attrs: { href } }]);
}
