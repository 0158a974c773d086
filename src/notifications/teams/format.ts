import type { Severity } from '../../lib/severity.js';
import type { Notification } from '../notification.js';
import { jsonBytes } from '../post.js';
import { clip, lines } from '../../lib/display-text.js';
import { factsOf, headline, linksOf, reasonOf, type Fact } from '../messages.js';

interface TextRun {
  type: 'TextRun';
  text: string;
  size?: 'Large';
  weight?: 'Bolder';
  color?: 'Attention' | 'Warning' | 'Accent';
  isSubtle?: true;
}

interface RichTextBlock {
  type: 'RichTextBlock';
  inlines: TextRun[];
}

/** The whole message may have 28 KB; read as 28,000, to be on the safe side. */
const maxBytes = 28_000;
/** Tried one after another until the message fits: texts beyond ASCII take up to three bytes a unit. */
const reasonLengths = [6000, 3000, 1500, 500];
const maxLengths = { title: 200, fact: 200 };

const colours: Record<Severity, TextRun['color']> = {
  critical: 'Attention',
  high: 'Attention',
  medium: 'Warning',
  low: 'Accent',
};

/**
 * An Adaptive Card 1.4 for a Workflows webhook.
 * What is from outside stands in text runs, the one element that never reads Markdown.
 */
export function formatTeams(notification: Notification): object {
  for (const length of reasonLengths) {
    const message = messageWith(notification, length);
    if (jsonBytes(message).length <= maxBytes) return message;
  }
  return messageWith(notification, 0);
}

function messageWith(notification: Notification, reasonLength: number) {
  const { escalation, occurredAt } = notification;
  const reason = lines(reasonOf(notification) ?? '');
  const color = escalation && colours[escalation.severity];
  const body: RichTextBlock[] = [
    block({
      ...run(headline(notification), maxLengths.title),
      size: 'Large',
      weight: 'Bolder',
      ...(color && { color }),
    }),
    ...(reason === '' || reasonLength === 0 ? [] : [block(run(reason, reasonLength))]),
    ...factsOf(notification).map(factBlock),
    block({ ...run(`Drawbridge · ${occurredAt.toISOString()}`, 200), isSubtle: true }),
  ];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body,
          actions: linksOf(notification).map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
        },
      },
    ],
  };
}

const block = (...inlines: TextRun[]): RichTextBlock => ({ type: 'RichTextBlock', inlines });

const factBlock = ({ label, value }: Fact) =>
  block({ type: 'TextRun', text: `${label}: `, weight: 'Bolder' }, run(value, maxLengths.fact));

const run = (text: string, max: number): TextRun => ({ type: 'TextRun', text: clip(inert(text), max) });

/** `{{DATE(…)}}` is a function in every text of a card, `${…}` a template's, and `<at>` begins a mention. */
const inert = (text: string) =>
  text
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/\$(?=\{)/g, '$ ')
    .replace(/<(?=\/?at\b)/gi, '< ');
