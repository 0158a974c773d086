import { clip, lines, oneLine } from '../../lib/display-text.js';
import type { OutboundComment, TicketDraft } from '../port.js';

/** ServiceNow cuts longer titles silently. */
const maxTitleLength = 160;
const maxAuthorLength = 200;
/** Journal entries are read up to this length; ours are shorter. */
const maxEntryLength = 100_000;

/**
 * ServiceNow takes the text between `[code]` and `[/code]` for HTML. A space more in the tag makes it plain text. The tag
 * is looked for from its name, because one pattern for all of it takes quadratic time on `[` and many spaces.
 */
function neutral(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: name, index } of text.matchAll(/code(?=\s*\])/gi)) {
    const bracket = openingBracket(text, index, from);
    if (bracket !== null) {
      pieces.push(text.slice(from, bracket), '[ ');
      from = bracket + 1;
    }
    pieces.push(text.slice(from, index + name.length));
    from = index + name.length;
  }
  return pieces.join('') + text.slice(from);
}

/** Where the `[` of a tag stands, before spaces and at most one slash; null when there is none at or after `least`. */
function openingBracket(text: string, nameStart: number, least: number): number | null {
  let slashes = 0;
  for (let at = nameStart - 1; at >= least; at--) {
    const character = text.charAt(at);
    if (character === '[') return at;
    if (character === '/') slashes += 1;
    else if (!/\s/.test(character)) return null;
    if (slashes > 1) return null;
  }
  return null;
}

/** A text from people for a field that keeps its lines. */
export const plain = (text: string): string => neutral(lines(text));

/** One line that fits `short_description`. */
export const titleLine = (text: string): string => clip(neutral(oneLine(text)), maxTitleLength);

/**
 * The subject's text with the link back to it. A missing link is put at the top, because a long description is cut at its
 * end.
 */
export function descriptionOf({ description, url }: Pick<TicketDraft, 'description' | 'url'>): string {
  const text = plain(description);
  return text.includes(url) ? text : `In Drawbridge: ${plain(url)}\n\n${text}`.trim();
}

/** A draft whose texts may go into any field. */
export function plainDraft(draft: TicketDraft): TicketDraft {
  const { metadata } = draft;
  const shown = (text: string | null) => (text === null ? null : plain(text));
  return {
    ...draft,
    title: neutral(oneLine(draft.title)),
    metadata: {
      ...metadata,
      gateway: shown(metadata.gateway),
      actor: shown(metadata.actor),
      policy: shown(metadata.policy),
      reason: shown(metadata.reason),
    },
  };
}

/** The last line of our comments. @param id of the comment, `cmt_…` */
export const markOf = (id: string): string => `[drawbridge:${id}]`;

const mark = /(?:^|\n)\[drawbridge:([\w-]{1,100})\]$/;
/** The first line of our comments. */
const heading = /^.{1,220} \(Drawbridge\):$/m;

/** A comment as it is written into the journal. */
export function commentText({ author, body }: OutboundComment, id: string): string {
  const name = clip(neutral(oneLine(author)), maxAuthorLength) || 'Somebody';
  return `${name} (Drawbridge):\n${plain(body)}\n\n${markOf(id)}`;
}

/**
 * The id in our mark, where the text is a comment of ours: the mark is its last line. A mail that quotes one below its
 * own text is not ours, though it may end in the same line.
 */
export function oursIn(text: string): string | null {
  if (text.length > maxEntryLength) return null;
  const id = mark.exec(text.trimEnd())?.[1] ?? null;
  return id !== null && text.trimStart().search(heading) <= 0 ? id : null;
}

/**
 * A journal entry as people read it: without our mark where it is ours, and without markup where it holds HTML. Longer
 * entries are cut.
 */
export function journalText(value: string): string {
  const text = oursIn(value) === null ? value.slice(0, maxEntryLength) : value.trimEnd().replace(mark, '');
  return lines(withoutCode(text));
}

/** Turns what stands between `[code]` and `[/code]` from HTML into text. A tag that is never closed is only text. */
function withoutCode(text: string): string {
  const tags = [...text.matchAll(/\[(\/?)code\]/gi)];
  const lastClosing = tags.findLastIndex(([, slash]) => slash === '/');
  const pieces: string[] = [];
  let from = 0;
  let isOpen = false;
  for (const [at, { 0: tag, 1: slash, index }] of tags.entries()) {
    const isClosing = slash === '/';
    if (isClosing !== isOpen || at > lastClosing) continue;
    const piece = text.slice(from, index);
    pieces.push(isClosing ? textOfHtml(piece) : piece);
    isOpen = !isClosing;
    from = index + tag.length;
  }
  return pieces.join('') + text.slice(from);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'", nbsp: ' ' };

function textOfHtml(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, '')
    .replace(/<(br|\/p|\/div|\/li|\/tr|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<li\b[^<>]*>/gi, '- ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#39|[a-z]{2,4});/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole);
}
