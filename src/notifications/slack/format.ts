import type { Notification } from '../notification.js';
import { clip, lines, oneLine } from '../../lib/display-text.js';
import { factsOf, headline, linksOf, reasonOf, type Link } from '../messages.js';

interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

type Block =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: PlainText | { type: 'mrkdwn'; text: string } }
  | { type: 'section'; fields: PlainText[] }
  | { type: 'context'; elements: PlainText[] };

export interface SlackMessage {
  /** What a notification on a phone shows; the blocks are what the channel shows. */
  text: string;
  blocks: Block[];
}

const maxLengths = { fallback: 300, header: 150, section: 3000, field: 300 };

/**
 * Block Kit. What is from outside stands in `plain_text`, which has no mentions, links or marks; only our own link labels
 * are mrkdwn, because a link button makes Slack look for an app to tell about the click, and warn when there is none.
 */
export function formatSlack(notification: Notification): SlackMessage {
  const title = headline(notification);
  const reason = lines(reasonOf(notification) ?? '');
  const fields = factsOf(notification).map(({ label, value }) => plain(`${label}\n${value}`, maxLengths.field));
  return {
    text: escape(clip(title, maxLengths.fallback)),
    blocks: [
      { type: 'header', text: plain(title, maxLengths.header) },
      ...(reason === '' ? [] : [{ type: 'section', text: plain(reason, maxLengths.section) } as const]),
      ...(fields.length === 0 ? [] : [{ type: 'section', fields: fields.slice(0, 10) } as const]),
      ...linksOf(notification).map(linkSection),
      { type: 'context', elements: [plain(`Drawbridge · ${notification.occurredAt.toISOString()}`, 200)] },
    ],
  };
}

const linkSection = ({ label, url }: Link): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text: `<${escape(url)}|${escape(oneLine(label))}>` },
});

const plain = (text: string, max: number): PlainText => ({ type: 'plain_text', text: clip(text, max), emoji: false });

/** Slack's own rule: with these three replaced, nothing is a link or a mention. */
const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
