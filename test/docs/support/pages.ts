import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { root } from '../../deploy/files.js';

/** A code block of a page. */
export interface Fence {
  line: number;
  /** `sh`, `text`, `json`. */
  lang: string;
  /** What follows the language: `terminal=2`. */
  meta: string;
  text: string;
}

export interface Page {
  /** From the root of the project: `docs/README.md`. */
  file: string;
  text: string;
  tree: Root;
  fences: Fence[];
}

/** All pages that people read: the ones at the root, and docs/. */
export function allPages(): Page[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return [...atRoot, ...inDocs].sort().map(readPage);
}

export function readPage(file: string): Page {
  const text = readFileSync(path.join(root, file), 'utf8');
  const tree = fromMarkdown(text);
  const fences = nodesOf(tree).flatMap((node): Fence[] =>
    node.type === 'code'
      ? [{ line: lineOf(node), lang: node.lang ?? '', meta: node.meta ?? '', text: node.value }]
      : [],
  );
  return { file, text, tree, fences };
}

/** A node and everything below it, in the order of the text. */
export const nodesOf = (node: Nodes): Nodes[] => [
  node,
  ...('children' in node ? node.children.flatMap((child) => nodesOf(child)) : []),
];

export const lineOf = (node: Nodes): number => node.position?.start.line ?? 0;

/** Where GitHub lets a link lead to in a page: its headings, as GitHub names them, and its own anchors. */
export function anchorsOf({ tree }: Page): string[] {
  const seen = new Map<string, number>();
  return nodesOf(tree).flatMap((node) => {
    if (node.type === 'html')
      return [...node.value.matchAll(/<a (?:name|id)="([^"]+)">/g)].map(([, name = '']) => name);
    if (node.type !== 'heading') return [];
    const slug = textOf(node)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return [times === 0 ? slug : `${slug}-${times}`];
  });
}

/** The words of a node, code included. */
export const textOf = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map((child) => textOf(child)).join('') : '';

export interface Link {
  line: number;
  url: string;
}

/** Links and images, those of definitions and of HTML included. */
export const linksOf = ({ tree }: Page): Link[] =>
  nodesOf(tree).flatMap((node): Link[] => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      return [{ line: lineOf(node), url: node.url }];
    if (node.type !== 'html') return [];
    return [...node.value.matchAll(/(?:src|href|srcset)="([^"]+)"/g)].map(([, url = '']) => ({
      line: lineOf(node),
      url,
    }));
  });

/** Why a link leads nowhere; undefined when it leads somewhere, or to another site. */
export function faultOf(url: string, page: Page): string | undefined {
  if (/^(https?|mailto):/.test(url)) return undefined;
  const [target = '', anchor] = url.split('#');
  const file = target === '' ? page.file : path.posix.join(path.posix.dirname(page.file), target);
  if (!existsSync(path.join(root, file))) return `${file} does not exist`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith('.md')) return `${file} has no anchors`;
  return anchorsOf(readPage(file)).includes(anchor) ? undefined : `${file} has no heading for #${anchor}`;
}
