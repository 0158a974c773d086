import { safeHref } from './adf.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deeper than any editor goes; what is below is left out. */
const deepest = 40;

/**
 * The text of a document of the Atlassian Document Format, lists and quotations as in plain mail. Unknown nodes give
 * what they hold.
 */
export function adfText(document: unknown): string {
  return isObject(document) ? blockText(document, 0) : '';
}

function childrenOf({ content }: Json): Json[] {
  return Array.isArray(content) ? content.filter(isObject) : [];
}

const attr = ({ attrs }: Json, name: string): string => {
  const value = isObject(attrs) ? attrs[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const joined = (parts: string[], by: string) => parts.filter((part) => part.trim() !== '').join(by);

function blockText(node: Json, depth: number): string {
  if (depth > deepest) return '';
  const children = childrenOf(node);
  const inside = (by: string) =>
    joined(
      children.map((child) => blockText(child, depth + 1)),
      by,
    );
  const lines = (first: (at: number, child: Json) => string) =>
    joined(
      children.map((child, at) => hung(first(at, child), blockText(child, depth + 1))),
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
      return inlineText(children, depth + 1);
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
      return children.length > 0 && typeof node.text !== 'string' ? inside('\n') : inlineText([node], depth + 1);
  }
}

/** A text whose first line begins with a mark, and the others below its own text. */
function hung(mark: string, body: string, others = ' '.repeat(mark.length)): string {
  if (body === '') return '';
  return mark + body.split('\n').join(`\n${others}`);
}

function inlineText(nodes: Json[], depth: number): string {
  return nodes.map((node) => inlineNode(node, depth)).join('');
}

function inlineNode(node: Json, depth: number): string {
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
      return depth > deepest ? '' : inlineText(childrenOf(node), depth + 1);
  }
}

/** A link whose text does not say where it leads gets its address behind it. */
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
