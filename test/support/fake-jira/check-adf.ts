import { isObject, objects } from '../fake-service.js';

type Node = Record<string, unknown>;

const blocks = ['paragraph', 'bulletList', 'orderedList', 'codeBlock'];
const children: Record<string, string[]> = {
  doc: [...blocks, 'heading', 'blockquote', 'rule'],
  paragraph: ['text', 'hardBreak'],
  heading: ['text', 'hardBreak'],
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: blocks,
  blockquote: blocks,
  codeBlock: ['text'],
  rule: [],
  text: [],
  hardBreak: [],
};
const mayBeEmpty = ['paragraph', 'heading', 'codeBlock', 'rule', 'text', 'hardBreak', 'doc'];

/**
 * What is wrong with a document by the schema of ADF, in sentences; nodes and marks that we have no use for count as
 * wrong.
 */
export function adfFaults(doc: unknown): string[] {
  if (!isObject(doc) || doc.type !== 'doc' || doc.version !== 1) return ['not an Atlassian document'];
  return nodeFaults(doc);
}

function nodeFaults(node: Node): string[] {
  const type = String(node.type);
  const allowed = children[type];
  if (!allowed) return [`unknown node ${type}`];
  const content = objects(node.content);
  const strange = content.filter((child) => !allowed.includes(String(child.type)));
  return [
    ...(node.content !== undefined && !Array.isArray(node.content) ? [`${type}: content is no list`] : []),
    ...strange.map((child) => `${String(child.type)} in ${type}`),
    ...(content.length === 0 && !mayBeEmpty.includes(type) ? [`empty ${type}`] : []),
    ...(type === 'listItem' && !['paragraph', 'codeBlock'].includes(String(content[0]?.type))
      ? ['listItem begins with a list']
      : []),
    ...(type === 'heading' && !isLevel(node.attrs) ? ['heading without a level'] : []),
    ...(type === 'text' ? textFaults(node) : []),
    ...(type === 'paragraph' || type === 'heading' ? content.flatMap(lineFaults) : []),
    ...(type === 'codeBlock'
      ? content.filter((child) => child.marks !== undefined).map(() => 'marks in codeBlock')
      : []),
    ...content.filter((child) => !strange.includes(child)).flatMap(nodeFaults),
  ];
}

const isLevel = (attrs: unknown) => isObject(attrs) && [1, 2, 3, 4, 5, 6].includes(Number(attrs.level));

function textFaults({ text, marks }: Node): string[] {
  if (typeof text !== 'string' || text === '') return ['empty text'];
  const kinds = objects(marks).map(({ type }) => String(type));
  // eslint-disable-next-line no-control-regex
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/u.test(text);
  return [
    ...(control ? ['control characters or halves of pairs'] : []),
    ...kinds
      .filter((kind) => !['strong', 'em', 'strike', 'code', 'link'].includes(kind))
      .map((kind) => `unknown mark ${kind}`),
    ...(new Set(kinds).size < kinds.length ? ['a mark twice'] : []),
    ...(kinds.includes('code') && kinds.some((kind) => !['code', 'link'].includes(kind))
      ? ['code with other marks']
      : []),
    ...objects(marks).flatMap(linkFaults),
  ];
}

function linkFaults({ type, attrs }: Node): string[] {
  if (type !== 'link') return [];
  const href = isObject(attrs) ? attrs.href : undefined;
  return typeof href === 'string' && /^(https?:\/\/|mailto:)/i.test(href) ? [] : ['a link to nowhere that is safe'];
}

const lineFaults = ({ type, text }: Node) =>
  type === 'text' && typeof text === 'string' && text.includes('\n') ? ['a line break in a text'] : [];
