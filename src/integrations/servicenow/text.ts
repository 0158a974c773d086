import { clip, lines, oneLine } from '../../lib/display-text.js';
import type { OutboundComment, TicketDraft } from '../port.js';

/** ServiceNow cuts what is longer without a word. */
const longestTitle = 160;
const longestAuthor = 200;

/** Between `[code]` and `[/code]` ServiceNow takes a text for HTML; with a space in it the tag is only text. */
const neutral = (text: string): string => text.replace(/\[(?=\s*\/?\s*code\s*\])/gi, '[ ');

/** A text of people's for a field that keeps its lines. */
export const plain = (text: string): string => neutral(lines(text));

/** One line that fits `short_description`. */
export const titleLine = (text: string): string => clip(neutral(oneLine(text)), longestTitle);

/**
 * The subject's text, with the way back to it: at the top where it is not said, for a long description is cut at its
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

/** The line that our comments end with. @param id of the comment, `cmt_…` */
export const markOf = (id: string): string => `[drawbridge:${id}]`;

const mark = /(?:^|\n)\[drawbridge:([\w-]{1,100})\]\s*$/;
/** The line that our comments begin with. */
const heading = /^.{1,220} \(Drawbridge\):$/m;

/** A comment as it is written into the journal. */
export function commentText({ author, body }: OutboundComment, id: string): string {
  const name = clip(neutral(oneLine(author)), longestAuthor) || 'Somebody';
  return `${name} (Drawbridge):\n${plain(body)}\n\n${markOf(id)}`;
}

/**
 * The id in our mark, where the text is a comment of ours: the mark is its last line. A mail that quotes one below its
 * own words is not ours, though it may end in the same line.
 */
export function oursIn(text: string): string | null {
  const id = mark.exec(text)?.[1] ?? null;
  return id !== null && text.trimStart().search(heading) <= 0 ? id : null;
}

/** What a journal entry says, readable: without our mark where it is ours, and without markup where it holds HTML. */
export function journalText(value: string): string {
  const text = oursIn(value) === null ? value : value.replace(mark, '');
  return lines(text.replace(/\[code\]([\s\S]*?)\[\/code\]/gi, (_, html: string) => textOfHtml(html)));
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
