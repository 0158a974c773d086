import { parseUrl } from '../../../lib/parse-url.js';
import { wellFormed } from '../../../lib/text.js';

/** A node of the Atlassian Document Format. */
export interface AdfNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: AdfNode[];
  text?: string;
  marks?: AdfMark[];
}

export interface AdfMark {
  type: 'strong' | 'em' | 'strike' | 'code' | 'link';
  attrs?: { href: string };
}

export interface AdfDocument extends AdfNode {
  type: 'doc';
  version: 1;
  content: AdfNode[];
}

export const doc = (content: AdfNode[]): AdfDocument => ({ type: 'doc', version: 1, content });

export const node = (type: string, content: AdfNode[]): AdfNode => ({ type, content });

export const hardBreak: AdfNode = { type: 'hardBreak' };

/** What JSON may hold and Jira refuses: control characters, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const refused = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export const cleaned = (text: string): string => wellFormed(text.replace(/\r\n?/g, '\n').replace(refused, ''));

/** A text node; none for an empty text, which Jira refuses. Code takes no other mark but a link. */
export function text(value: string, marks: AdfMark[] = []): AdfNode[] {
  if (value === '') return [];
  const isCode = marks.some(({ type }) => type === 'code');
  const allowed = isCode ? marks.filter(({ type }) => type === 'code' || type === 'link') : marks;
  return [{ type: 'text', text: value, ...(allowed.length > 0 ? { marks: allowed } : {}) }];
}

/**
 * Where a link may lead: http, https or mailto.
 * @returns the address, or null for anything else
 */
export function safeHref(address: string): string | null {
  const href = address.trim();
  if (!/^(https?:\/\/[^\s\p{C}]+|mailto:[^\s\p{C}]+)$/iu.test(href)) return null;
  return href.length <= 2048 && parseUrl(href) ? href : null;
}
