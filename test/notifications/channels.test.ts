import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotificationChannel } from '../../src/notifications/index.js';
import { FakePagerDuty, routingKey } from '../support/fake-pagerduty.js';
import { FakeReceiver, startFakeReceiver } from '../support/fake-receiver.js';
import { FakeSlack } from '../support/fake-slack.js';
import { FakeTeams } from '../support/fake-teams.js';
import { openNotificationHttp } from '../support/notification-http.js';
import { budgetReached, hostileNotifications, hostileTexts, notify } from '../support/notifications.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const http = openNotificationHttp(5_000);
const options = { signal: new AbortController().signal };
const slack = new FakeSlack();
const teams = new FakeTeams();
const pager = new FakePagerDuty();
const receiver = new FakeReceiver(Buffer.alloc(32, 7), secret);
const services = [slack, teams, pager, receiver];
beforeAll(() => Promise.all(services.map((service) => service.up())));
afterAll(() => Promise.all([http, ...services].map((service) => service.close())));

const toSlack = () => createNotificationChannel({ type: 'slack', url: slack.url }, { http });
const toTeams = () => createNotificationChannel({ type: 'teams', url: teams.url }, { http });
const toPagerDuty = () =>
  createNotificationChannel({ type: 'pagerduty', routingKey }, { http, pagerDutyEndpoint: pager.endpoint });
const toWebhook = (id = 'chn_1', key: string | null = secret, url = receiver.url) =>
  createNotificationChannel({ type: 'webhook', id, url, secret: key }, { http });
const everyWhere = () => [toSlack(), toTeams(), toPagerDuty(), toWebhook()];

describe('the four channels', () => {
  it('take every moment within their documented limits, whatever the texts are', async () => {
    for (const notification of hostileTexts.flatMap(hostileNotifications)) {
      const results = await Promise.all(everyWhere().map((channel) => channel.send(notification, options)));
      expect(results.map(({ status }) => status)).toEqual([200, 202, 202, 204]);
    }
    for (const service of services) expect(service.faults).toEqual([]);
  });

  it('ping nobody in Slack, and read no Markdown in Teams', async () => {
    for (const text of hostileTexts) await toSlack().send(notify('created', { title: text, reason: text }), options);
    expect(slack.pings).toEqual([]);
    expect(teams.cards.flatMap(({ markdown }) => markdown)).toEqual([]);
  });

  it('show the title and lead to the review page', async () => {
    const about = { ...notify('created'), key: 'esc_shown' };
    for (const channel of everyWhere()) await channel.send(about, options);
    const link = about.escalation?.reviewUrl;
    expect(slack.messages.at(-1)).toMatchObject({ links: [link, 'https://tracker.example/SEC-1'] });
    expect(slack.messages.at(-1)?.shown.join()).toContain('Customer data left the region');
    expect(teams.cards.at(-1)?.links[0]).toBe(link);
    expect(teams.cards.at(-1)?.shown.join()).toContain('Customer data left the region');
    expect(receiver.messages.at(-1)).toMatchObject({ type: 'escalation.created', data: { review_url: link } });
  });

  it('say that a test is one', async () => {
    const about = { ...budgetReached(), moment: 'test' as const, key: 'test-1' };
    for (const channel of everyWhere()) await channel.send(about, options);
    expect(slack.messages.at(-1)).toMatchObject({ text: 'Test notification from Drawbridge' });
    expect(teams.cards.at(-1)?.shown[0]).toBe('Test notification from Drawbridge');
    expect(pager.incidents.at(-1)).toMatchObject({ dedupKey: 'test-1', state: 'resolved', severity: 'info' });
    expect(receiver.messages.at(-1)).toMatchObject({ type: 'notification.test', data: { test: true } });
  });
});

describe('PagerDuty', () => {
  it('makes one incident of an escalation, which follows it to its end', async () => {
    const about = (moment: 'created' | 'claimed' | 'overdue' | 'resolved') => ({ ...notify(moment), key: 'esc_one' });
    const incidents = () => pager.incidents.filter(({ dedupKey }) => dedupKey === 'esc_one');
    for (const [moment, state] of [
      ['created', 'triggered'],
      ['created', 'triggered'],
      ['overdue', 'triggered'],
      ['claimed', 'acknowledged'],
      ['resolved', 'resolved'],
      ['resolved', 'resolved'],
    ] as const) {
      await toPagerDuty().send(about(moment), options);
      expect(incidents()).toMatchObject([{ state, severity: 'error' }]);
    }
    expect(incidents()[0]?.links[0]).toBe(notify('created').escalation?.reviewUrl);
  });

  it('keeps each budget event apart', async () => {
    const first = { ...budgetReached({ wallet_id: 'w', threshold_percent: 80 }), key: 'evt_1' };
    await toPagerDuty().send(first, options);
    await toPagerDuty().send({ ...first, key: 'evt_2' }, options);
    const found = pager.incidents.filter(({ summary }) =>
      summary.startsWith('Budget threshold reached: 80 % of wallet w'),
    );
    expect(found.map(({ dedupKey }) => dedupKey)).toEqual(['evt_1', 'evt_2']);
  });
});

describe('the webhook', () => {
  it('is taken once however often it is sent, and twice by two channels', async () => {
    const about = { ...notify('created'), key: 'esc_often' };
    const before = receiver.messages.length;
    for (let time = 0; time < 3; time++) await toWebhook().send(about, options);
    expect(receiver.messages).toHaveLength(before + 1);
    await toWebhook('chn_2').send(about, options);
    expect(receiver.messages).toHaveLength(before + 2);
  });

  it('verifies with a plain text for a secret, and goes unsigned without one', async () => {
    const plain = await startFakeReceiver('a plain ü secret');
    await toWebhook('chn_1', 'a plain ü secret', plain.url).send(notify('created'), options);
    expect(plain.messages).toHaveLength(1);
    const wrong = toWebhook('chn_1', 'another', plain.url).send(notify('claimed'), options);
    await expect(wrong).rejects.toMatchObject({ code: 'http_401', retryable: false });
    await plain.close();
    const open = await startFakeReceiver(null);
    await toWebhook('chn_1', null, open.url).send(notify('created'), options);
    expect(open.requests[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(open.requests[0]?.headers).toHaveProperty('webhook-id', open.messages[0]?.id);
    await open.close();
  });
});
