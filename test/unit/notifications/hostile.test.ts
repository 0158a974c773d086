import { describe, expect, it } from 'vitest';
import { formatPagerDuty } from '../../../src/notifications/pagerduty/format.js';
import { formatSlack } from '../../../src/notifications/slack/format.js';
import { formatTeams } from '../../../src/notifications/teams/format.js';
import { formatWebhook } from '../../../src/notifications/webhook/format.js';
import { textsIn } from '../../support/fake-service.js';
import { hostileNotifications, hostileTexts } from '../../support/notifications.js';

const wellFormed = (value: unknown) => !/\p{Cs}/u.test(JSON.stringify(textsIn(value)));

describe.each(hostileTexts.map((text) => [text.slice(0, 30), hostileNotifications(text)] as const))(
  'texts such as %j',
  (_name, notifications) => {
    it('are only texts in Slack, within its limits', () => {
      for (const notification of notifications) {
        const { text, blocks } = formatSlack(notification);
        expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          const one = 'text' in block ? [block.text] : 'fields' in block ? block.fields : block.elements;
          expect(one.length).toBeLessThanOrEqual(10);
          for (const part of one) {
            expect(part.text.length).toBeGreaterThan(0);
            expect(part.text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000);
            if (part.type === 'mrkdwn')
              expect(part.text).toMatch(/^<https?:\/\/[^<>|\s]+\|(Review|Ticket|Open Drawbridge)>$/);
          }
        }
        expect(wellFormed(blocks)).toBe(true);
      }
    });

    it('are only texts in Teams, and the card stays within its 28 KB', () => {
      for (const notification of notifications) {
        const message = formatTeams(notification);
        expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(28_000);
        for (const text of textsIn(message)) expect(text).not.toMatch(/\{\{|\$\{|<\/?at\b/i);
        expect(JSON.stringify(message)).not.toMatch(/"type":"(TextBlock|FactSet)"|msteams/);
        expect(wellFormed(message)).toBe(true);
      }
    });

    it('fit an event of PagerDuty', () => {
      for (const notification of notifications) {
        const event = formatPagerDuty(notification);
        expect(event.dedup_key.length).toBeLessThanOrEqual(255);
        expect(event.payload?.summary.length ?? 1).toBeLessThanOrEqual(1024);
        expect(event.payload?.source.length ?? 1).toBeLessThanOrEqual(255);
        expect(event.payload?.source).not.toBe('');
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(128 * 1024);
        expect(wellFormed(event)).toBe(true);
      }
    });

    it('reach a webhook as they came', () => {
      for (const notification of notifications) {
        const sent = JSON.parse(formatWebhook(notification, 'chn_1').body.toString('utf8')) as { data: object };
        const { escalation, budget } = notification;
        expect(sent.data).toMatchObject(
          escalation ? { title: escalation.title, reason: escalation.reason } : (budget ?? {}),
        );
      }
    });
  },
);

describe('a budget event', () => {
  it('is told whatever its data are', () => {
    const odd = {
      wallet_id: { $where: 'x' },
      threshold_percent: [80],
      spent: null,
      limit: true,
      currency: '',
      period: 7,
    };
    const [about] = hostileNotifications('x').filter(({ moment }) => moment === 'budget');
    for (const budget of [odd, {}]) {
      const notification = { ...about, budget } as Parameters<typeof formatSlack>[0];
      expect(formatSlack(notification).text).toBe('Budget threshold reached');
      expect(textsIn(formatTeams(notification))).toContain('Budget threshold reached');
      expect(formatPagerDuty(notification).payload).toMatchObject({ severity: 'warning', source: 'acme' });
    }
  });
});
