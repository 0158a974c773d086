import { cleaned, node, text, type AdfNode } from './adf.js';
import { inline } from './markdown-inline.js';

/** Where a block stands decides what it may hold: Jira refuses a heading in a quotation or a list. */
type Place = 'top' | 'quote' | 'item';

const deepest = 8;

const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,40})[^`]*$/;
const heading = /^ {0,3}(#{1,6})(?: +(.*))?$/;
const rule = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const quoted = /^ {0,3}> ?/;
const bullet = /^( {0,3})([-*+])(\s+|$)/;
const ordered = /^( {0,3})(\d{1,9})([.)])(\s+|$)/;

/**
 * Markdown as blocks of ADF: paragraphs, headings, lists, quotations, code blocks and rules. Lines of a paragraph
 * stay lines.
 * HTML, tables and footnotes are text. Never throws.
 */
export function blocks(markdown: string): AdfNode[] {
  return blocksOf(cleaned(markdown).split('\n'), 'top', 0);
}

function blocksOf(lines: string[], place: Place, depth: number): AdfNode[] {
  const out: AdfNode[] = [];
  let at = 0;
  while (at < lines.length) {
    const [next, made] = blockAt(lines, at, place, depth);
    out.push(...made);
    at = next;
  }
  return out;
}

/** The block that begins at a line. @returns the line after it, and what it is */
function blockAt(lines: string[], at: number, place: Place, depth: number): [number, AdfNode[]] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [at + 1, []];
  const opened = fence.exec(line);
  if (opened) return codeBlock(lines, at, opened);
  const title = heading.exec(line);
  if (title) return [at + 1, headingOf(title, place)];
  if (rule.test(line)) return [at + 1, place === 'top' ? [{ type: 'rule' }] : []];
  if (depth < deepest) {
    if (quoted.test(line)) return quotation(lines, at, place, depth);
    if (bullet.test(line) || ordered.test(line)) return list(lines, at, depth);
  }
  let end = at + 1;
  while (end < lines.length && !interrupts(lines[end] ?? '')) end += 1;
  return [end, paragraph(lines.slice(at, end))];
}

/**
 * Whether a line ends the paragraph before it. Only a list from 1 does: a number that begins a line is mostly just
 * one.
 */
function interrupts(line: string): boolean {
  if (line.trim() === '' || fence.test(line) || heading.test(line) || rule.test(line) || quoted.test(line)) return true;
  const number = ordered.exec(line)?.[2];
  return /^ {0,3}[-*+]\s+\S/.test(line) || (number === '1' && /\S/.test(line.replace(ordered, '')));
}

function paragraph(lines: string[]): AdfNode[] {
  // Two spaces or a backslash at an end mean a break, which each line's end is in any case.
  const content = inline(lines.map((line) => line.trim().replace(/(?<!\\)((?:\\\\)*)\\$/, '$1')).join('\n'));
  return content.length === 0 ? [] : [node('paragraph', content)];
}

function headingOf([, hashes = '#', rest = '']: RegExpExecArray, place: Place): AdfNode[] {
  const title = rest
    .trim()
    .replace(/(?<=^|\s)#+$/, '')
    .trimEnd();
  if (place !== 'top') return title === '' ? [] : [node('paragraph', inline(title, [{ type: 'strong' }]))];
  const content = inline(title);
  return content.length === 0 ? [] : [{ type: 'heading', attrs: { level: hashes.length }, content }];
}

function codeBlock(lines: string[], at: number, [, marks = '', language = '']: RegExpExecArray): [number, AdfNode[]] {
  const closed = new RegExp(`^ {0,3}${marks.charAt(0)}{${marks.length},}\\s*$`);
  let end = at + 1;
  while (end < lines.length && !closed.test(lines[end] ?? '')) end += 1;
  const content = text(lines.slice(at + 1, end).join('\n'));
  return [end + 1, [{ type: 'codeBlock', ...(language === '' ? {} : { attrs: { language } }), content }]];
}

function quotation(lines: string[], at: number, place: Place, depth: number): [number, AdfNode[]] {
  let end = at;
  while (end < lines.length && quoted.test(lines[end] ?? '')) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(quoted, ''));
  const content = blocksOf(inside, place === 'item' ? 'item' : 'quote', depth + 1);
  // Neither a list nor another quotation may hold one: its text stays, its bar goes.
  return [end, place === 'top' && content.length > 0 ? [node('blockquote', content)] : content];
}

function list(lines: string[], at: number, depth: number): [number, AdfNode[]] {
  const isOrdered = ordered.test(lines[at] ?? '');
  const pattern = isOrdered ? ordered : bullet;
  const sign = (line: string) => pattern.exec(line)?.[isOrdered ? 3 : 2];
  const first = lines[at] ?? '';
  const items: AdfNode[] = [];
  let next = at;
  while (next < lines.length && sign(lines[next] ?? '') === sign(first) && !rule.test(lines[next] ?? '')) {
    const [end, item] = listItem(lines, next, pattern, depth);
    items.push(item);
    next = end;
  }
  if (!isOrdered) return [next, [node('bulletList', items)]];
  const order = Number(ordered.exec(first)?.[2] ?? 1);
  return [next, [{ type: 'orderedList', ...(order === 1 ? {} : { attrs: { order } }), content: items }]];
}

function listItem(lines: string[], at: number, pattern: RegExp, depth: number): [number, AdfNode] {
  const line = lines[at] ?? '';
  const marker = pattern.exec(line)?.[0] ?? '';
  const indent = marker.trimEnd().length + 1;
  const own = [line.slice(marker.length)];
  let end = at + 1;
  for (; end < lines.length; end++) {
    const following = (lines[end] ?? '').replace(/^\t+/, (tabs) => '    '.repeat(tabs.length));
    const isBlank = following.trim() === '';
    const isIndented = leading(following) >= Math.min(indent, leading(line) + 2);
    // A blank line ends the item unless what comes after it is indented.
    if (isBlank && !(lines[end + 1] ?? '').startsWith(' '.repeat(indent))) break;
    if (!isBlank && !isIndented && (interrupts(following) || pattern.test(following) || lines[end - 1]?.trim() === ''))
      break;
    own.push(isBlank ? '' : outdented(following, indent));
  }
  while (end < lines.length && lines[end]?.trim() === '' && pattern.test(lines[end + 1] ?? '')) end += 1;
  const content = blocksOf(own, 'item', depth + 1);
  const begins = content[0]?.type === 'paragraph' || content[0]?.type === 'codeBlock';
  return [end, node('listItem', begins ? content : [node('paragraph', []), ...content])];
}

const leading = (line: string) => line.length - line.trimStart().length;

const outdented = (line: string, indent: number) => line.slice(Math.min(indent, leading(line)));
