import { moments, type Notification, type NotifiedEscalation } from '../../src/notifications/notification.js';

const escalation: NotifiedEscalation = {
  id: 'esc_01HZX3',
  title: 'Customer data left the region',
  severity: 'high',
  kind: 'review',
  status: 'open',
  reason: 'The answer names 3 customers.',
  gateway: { id: 'gw-eu', name: 'EU gateway', environment: 'production' },
  actor: { id: 'u-7', name: 'Ada', email: 'ada@example.com', type: 'user' },
  policy: { id: 'pol-1', name: 'PII' },
  claimedBy: null,
  resolution: null,
  resolvedBy: null,
  breached: null,
  reviewUrl: 'https://bridge.example/escalations/esc_01HZX3/review',
  ticketUrl: 'https://tracker.example/SEC-1',
};

/** A notification of an escalation. */
export const notify = (moment: Notification['moment'], more: Partial<NotifiedEscalation> = {}): Notification => ({
  key: escalation.id,
  moment,
  orgId: 'acme',
  occurredAt: new Date('2026-03-01T12:00:00.000Z'),
  escalation: { ...escalation, ...more },
});

export const budgetReached = (budget: Notification['budget'] = {}): Notification => ({
  key: 'evt_01HZX9',
  moment: 'budget',
  orgId: 'acme',
  occurredAt: new Date('2026-03-01T12:00:00.000Z'),
  budget,
  url: 'https://bridge.example/',
});

/** Texts that mean something to one of the chats, or break what counts characters. */
export const hostileTexts = [
  '<!channel> <!here|x> <@U123> <#C1>',
  '*bold* _it_ ~no~ `code` > quote',
  '[x](javascript:alert(1)) ![i](https://evil.example/i.png)',
  '{{DATE(2026-01-01T00:00:00Z, SHORT)}} {{{{TIME()}}}} ${$root.x} @{triggerBody()}',
  '<at>Everyone</at> <AT id="0">x</AT> </at>',
  '&lt;!channel&gt; &amp; <https://evil.example|click>',
  'long '.repeat(6000),
  '漢'.repeat(30_000),
  '"\\'.repeat(15_000),
  '👩‍🚀'.repeat(9000),
  `x${'🔐'.repeat(5000)}`,
  '\u202eevil\u2066 \u0000\u0007\u001b[31m\r\n\u2028line\ttab',
  '\ud800 half \udc00 pairs',
  '\u0000',
  '',
  '   ',
];

/** A notification in which this text stands everywhere that a text can. */
export function hostileNotifications(text: string): Notification[] {
  const everywhere: Partial<NotifiedEscalation> = {
    id: text,
    title: text,
    reason: text,
    gateway: { id: text, name: text, environment: text },
    actor: { id: text, name: text, email: text, type: text },
    policy: { id: text, name: text },
    claimedBy: text,
    resolution: text,
    resolvedBy: text,
    reviewUrl: `https://review.example/${encodeURI(text.slice(0, 50).replace(/\p{Cs}/gu, ''))}?q=|>{{x}}"'`,
    ticketUrl: text,
  };
  const wallet = { wallet_id: text, threshold_percent: text, spent: text, limit: text, currency: text, period: text };
  return moments.map((moment) =>
    moment === 'budget' ? budgetReached(wallet) : { ...notify(moment, everywhere), orgId: text || 'acme' },
  );
}
