import type { Blockquote, Code, Heading, Image, Link, List, ListItem, PhrasingContent, RootContent } from 'mdast';
import { hardBreak, node, safeHref, text, type AdfMark, type AdfNode } from './adf.js';

interface Context {
  /** The Markdown, for what stays as it was written. */
  source: string;
  /** Jira refuses headings, rules and further quotations in a quotation or a list. */
  place: 'top' | 'quote' | 'item';
  listDepth: number;
}

/** Items of deeper lists become paragraphs. */
const maxListDepth = 8;

/** Maps the blocks of a Markdown tree to blocks of ADF. @param source the Markdown that the tree was parsed from */
export const toAdf = (children: readonly RootContent[], source: string): AdfNode[] =>
  blocksOf(children, { source, place: 'top', listDepth: 0 });

const blocksOf = (children: readonly RootContent[], context: Context): AdfNode[] =>
  children.flatMap((child) => blockOf(child, context));

function blockOf(block: RootContent, context: Context): AdfNode[] {
  switch (block.type) {
    case 'paragraph':
      return paragraph(inline(block.children, [], context));
    case 'heading':
      return headingOf(block, context);
    case 'blockquote':
      return quotation(block, context);
    case 'list':
      return listOf(block, context);
    case 'code':
      return [codeBlock(block)];
    case 'thematicBreak':
      return context.place === 'top' ? [{ type: 'rule' }] : [];
    default:
      return paragraph(lines(sourceOf(block, context), []));
  }
}

const paragraph = (content: AdfNode[]): AdfNode[] => (content.length === 0 ? [] : [node('paragraph', content)]);

function headingOf({ depth, children }: Heading, context: Context): AdfNode[] {
  if (context.place !== 'top') return paragraph(inline(children, [{ type: 'strong' }], context));
  const content = inline(children, [], context);
  return content.length === 0 ? [] : [{ type: 'heading', attrs: { level: depth }, content }];
}

function quotation({ children }: Blockquote, context: Context): AdfNode[] {
  const content = blocksOf(children, { ...context, place: context.place === 'item' ? 'item' : 'quote' });
  return context.place === 'top' && content.length > 0 ? [node('blockquote', content)] : content;
}

function codeBlock({ value, lang }: Code): AdfNode {
  const language = /^[\w+#.-]{1,40}/.exec(lang ?? '')?.[0];
  return { type: 'codeBlock', ...(language !== undefined && { attrs: { language } }), content: text(value) };
}

function listOf({ ordered, start, children }: List, context: Context): AdfNode[] {
  const listDepth = context.listDepth + 1;
  const items = children.map((item) => itemOf(item, { ...context, place: 'item', listDepth }));
  if (listDepth > maxListDepth) return items.flatMap(({ content = [] }) => content);
  if (ordered !== true) return [node('bulletList', items)];
  const order = start ?? 1;
  return [{ type: 'orderedList', ...(order !== 1 && { attrs: { order } }), content: items }];
}

/** Jira wants a paragraph or code at the beginning of an item. */
function itemOf({ children }: ListItem, context: Context): AdfNode {
  const content = blocksOf(children, context);
  const isValid = content[0]?.type === 'paragraph' || content[0]?.type === 'codeBlock';
  return node('listItem', isValid ? content : [node('paragraph', []), ...content]);
}

const inline = (children: readonly PhrasingContent[], marks: AdfMark[], context: Context): AdfNode[] =>
  joinTexts(children.flatMap((child) => inlineOf(child, marks, context)));

function inlineOf(child: PhrasingContent, marks: AdfMark[], context: Context): AdfNode[] {
  switch (child.type) {
    case 'text':
      return lines(child.value, marks);
    case 'break':
      return [hardBreak];
    case 'inlineCode':
      return text(child.value.replaceAll('\n', ' '), withMark(marks, { type: 'code' }));
    case 'strong':
      return inline(child.children, withMark(marks, { type: 'strong' }), context);
    case 'emphasis':
      return inline(child.children, withMark(marks, { type: 'em' }), context);
    case 'delete':
      return inline(child.children, withMark(marks, { type: 'strike' }), context);
    case 'link':
      return linkOf(child, marks, context);
    case 'image':
      return imageOf(child, marks);
    default:
      return lines(sourceOf(child, context), marks);
  }
}

/** A link that leads nowhere safe stays as it was written. */
function linkOf(link: Link, marks: AdfMark[], context: Context): AdfNode[] {
  const href = safeHref(link.url);
  if (href === null) return lines(sourceOf(link, context), marks);
  const linked = withMark(marks, { type: 'link', attrs: { href } });
  const label = inline(link.children, linked, context);
  return label.length > 0 ? label : text(href, linked);
}

/** Images aren't uploaded; a link to one stays. */
function imageOf({ url, alt }: Image, marks: AdfMark[]): AdfNode[] {
  const href = safeHref(url);
  const name = alt ?? '';
  if (href === null) return lines(`[image left out${name === '' ? '' : `: ${name}`}]`, marks);
  return lines(`Image: ${name === '' ? href : name}`, withMark(marks, { type: 'link', attrs: { href } }));
}

/** Text of several lines, with a hard break between them. */
const lines = (value: string, marks: AdfMark[]): AdfNode[] =>
  value.split('\n').flatMap((line, at) => [...(at > 0 ? [hardBreak] : []), ...text(line, marks)]);

/** What a node was written as, without the marks of quotations at the beginning of further lines. */
const sourceOf = ({ position }: RootContent, { source }: Context): string =>
  source.slice(position?.start.offset, position?.end.offset).replace(/\n[ \t>]+/g, '\n');

const markOrder: readonly AdfMark['type'][] = ['strong', 'em', 'strike', 'code', 'link'];

/** Each kind of mark stands once, the outer one, and always in the same order. */
function withMark(marks: AdfMark[], added: AdfMark): AdfMark[] {
  if (marks.some(({ type }) => type === added.type)) return marks;
  return [...marks, added].sort((one, other) => markOrder.indexOf(one.type) - markOrder.indexOf(other.type));
}

/** Neighbouring texts with the same marks as one. */
function joinTexts(nodes: AdfNode[]): AdfNode[] {
  const joined: AdfNode[] = [];
  for (const next of nodes) {
    const last = joined.at(-1);
    const areTexts = last?.text !== undefined && next.text !== undefined;
    if (areTexts && JSON.stringify(last.marks) === JSON.stringify(next.marks)) {
      joined[joined.length - 1] = { ...last, text: `${last.text ?? ''}${next.text ?? ''}` };
    } else joined.push(next);
  }
  return joined;
}
