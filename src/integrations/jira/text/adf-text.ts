import { safeHref } from './adf.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deeper than any editor goes; what is below is left out. */
const maxDepth = 40;
/** A text in lists and quotations is copied once a level. */
const maxCopies = 10;
const maxIndentation = 8;

interface Limit {
  depth: number;
  maxLength: number;
  /** How many more characters and nodes are read, shared by the whole document. */
  budget: { left: number };
}

const below = (limit: Limit): Limit => ({ ...limit, depth: limit.depth + 1 });

/**
 * The text of a document of the Atlassian Document Format, with lists and quotations as in plain mail. Of unknown nodes
 * it has what they contain.
 * @param maxLength where the text is cut
 */
export function adfText(document: unknown, maxLength: number): string {
  if (!isObject(document)) return '';
  return blockText(document, { depth: 0, maxLength, budget: { left: maxLength * maxCopies } });
}

function childrenOf({ content }: Json): Json[] {
  return Array.isArray(content) ? content.filter(isObject) : [];
}

const attr = ({ attrs }: Json, name: string): string => {
  const value = isObject(attrs) ? attrs[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const joined = (parts: string[], by: string) => parts.filter((part) => part.trim() !== '').join(by);

function blockText(node: Json, limit: Limit): string {
  const { depth, maxLength, budget } = limit;
  if (depth > maxDepth || budget.left <= 0) return '';
  const text = textOfBlock(node, limit).slice(0, maxLength);
  budget.left -= text.length + 1;
  return text;
}

function textOfBlock(node: Json, limit: Limit): string {
  const children = childrenOf(node);
  const inside = (by: string) =>
    joined(
      children.map((child) => blockText(child, below(limit))),
      by,
    );
  const lines = (first: (at: number, child: Json) => string) =>
    joined(
      children.map((child, at) => hung(first(at, child), blockText(child, below(limit)))),
      '\n',
    );
  switch (node.type) {
    case 'doc':
    case 'panel':
    case 'layoutSection':
    case 'layoutColumn':
      return inside('\n\n');
    case 'expand':
    case 'nestedExpand':
      return joined([attr(node, 'title'), inside('\n\n')], '\n\n');
    case 'paragraph':
    case 'heading':
    case 'codeBlock':
    case 'caption':
    case 'taskItem':
    case 'decisionItem':
      return inlineText(children, below(limit));
    case 'blockquote':
      return hung('> ', inside('\n\n'), '> ');
    case 'bulletList':
    case 'decisionList':
      return lines(() => '- ');
    case 'orderedList':
      return lines((at) => `${Number(attr(node, 'order') || 1) + at}. `);
    case 'taskList':
      return lines((_, child) => (attr(child, 'state') === 'DONE' ? '[x] ' : '[ ] '));
    case 'listItem':
    case 'table':
    case 'tableCell':
    case 'tableHeader':
      return inside('\n');
    case 'tableRow':
      return inside(' | ').replaceAll('\n', ' ');
    case 'rule':
      return '---';
    case 'mediaSingle':
    case 'mediaGroup':
      return inside('\n') || '[attachment]';
    default:
      return children.length > 0 && typeof node.text !== 'string' ? inside('\n') : inlineText([node], below(limit));
  }
}

/** A text with a mark before its first line, and its other lines indented to match. */
function hung(mark: string, body: string, others = ' '.repeat(Math.min(mark.length, maxIndentation))): string {
  if (body === '') return '';
  return mark + body.split('\n').join(`\n${others}`);
}

const inlineText = (nodes: Json[], limit: Limit): string => nodes.map((node) => inlineNode(node, limit)).join('');

function inlineNode(node: Json, limit: Limit): string {
  const { depth, maxLength, budget } = limit;
  if (depth > maxDepth || budget.left <= 0) return '';
  const text = textOfInline(node, limit).slice(0, maxLength);
  budget.left -= text.length + 1;
  return text;
}

function textOfInline(node: Json, limit: Limit): string {
  switch (node.type) {
    case 'text':
      return withAddress(node);
    case 'hardBreak':
      return '\n';
    case 'mention':
      return attr(node, 'text') || '@someone';
    case 'emoji':
      return attr(node, 'text') || attr(node, 'shortName');
    case 'status':
      return `[${attr(node, 'text')}]`;
    case 'date':
      return dayOf(attr(node, 'timestamp'));
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return safeHref(attr(node, 'url')) ?? '[link]';
    case 'media':
    case 'mediaInline':
      return attr(node, 'alt') === '' ? '[attachment]' : `[attachment: ${attr(node, 'alt')}]`;
    default:
      if (typeof node.text === 'string') return node.text;
      return inlineText(childrenOf(node), below(limit));
  }
}

/** A link whose text isn't its address is followed by the address. */
function withAddress({ text, marks }: Json): string {
  if (typeof text !== 'string') return '';
  const link = Array.isArray(marks) ? marks.filter(isObject).find(({ type }) => type === 'link') : undefined;
  const href = link ? safeHref(attr(link, 'href')) : null;
  return href === null || href === text || href === `mailto:${text}` ? text : `${text} (${href})`;
}

function dayOf(timestamp: string): string {
  const at = new Date(Number(timestamp));
  return timestamp === '' || Number.isNaN(at.getTime()) ? '[date]' : at.toISOString().slice(0, 10);
}
