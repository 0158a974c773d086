import { describe, expect, it } from 'vitest';
import { formatPagerDuty } from '../../../src/notifications/pagerduty/format.js';
import { formatSlack } from '../../../src/notifications/slack/format.js';
import { formatTeams } from '../../../src/notifications/teams/format.js';
import { formatWebhook } from '../../../src/notifications/webhook/format.js';
import { factsOf, headline } from '../../../src/notifications/messages.js';
import { textsIn } from '../../support/fake-service.js';
import { budgetReached, notify } from '../../support/notifications.js';

const { reviewUrl } = notify('created').escalation ?? { reviewUrl: '' };

describe('the headline', () => {
  it.each([
    [notify('created'), 'New high escalation: Customer data left the region'],
    [notify('created', { kind: 'approval' }), 'Approval needed (high): Customer data left the region'],
    [notify('claimed', { claimedBy: 'Ada' }), 'Claimed by Ada: Customer data left the region'],
    [notify('overdue', { breached: 'acknowledge' }), 'Overdue, not claimed in time: Customer data left the region'],
    [notify('overdue', { breached: 'resolve' }), 'Overdue, not resolved in time: Customer data left the region'],
    [
      notify('resolved', { resolution: 'approved', resolvedBy: 'Ada' }),
      'Resolved as approved by Ada: Customer data left the region',
    ],
    [budgetReached({ wallet_id: 'w-1', threshold_percent: 80 }), 'Budget threshold reached: 80 % of wallet w-1'],
    [{ ...budgetReached(), moment: 'test' as const }, 'Test notification from Drawbridge'],
  ])('says what happened (%#)', (notification, expected) => {
    expect(headline(notification)).toBe(expected);
  });
});

describe('the facts', () => {
  it('are what is known, ten at most', () => {
    const facts = factsOf(notify('resolved', { claimedBy: 'Ada', resolution: 'denied', resolvedBy: 'Bo' }));
    expect(facts).toHaveLength(10);
    expect(facts).toContainEqual({ label: 'Gateway', value: 'EU gateway (production)' });
    expect(facts).toContainEqual({ label: 'Actor', value: 'Ada (ada@example.com)' });
    expect(factsOf(notify('created', { gateway: null, actor: { id: 'u-7', type: 'service' }, policy: null }))).toEqual([
      { label: 'Severity', value: 'high' },
      { label: 'Status', value: 'open' },
      { label: 'Actor', value: 'u-7 (service)' },
      { label: 'Escalation', value: 'esc_01HZX3' },
      { label: 'Org', value: 'acme' },
    ]);
  });
});

describe('every format', () => {
  it('carries the review link at every moment', () => {
    for (const moment of ['created', 'claimed', 'overdue', 'resolved'] as const) {
      const about = notify(moment);
      expect(JSON.stringify(formatSlack(about).blocks)).toContain(`<${reviewUrl}|Review>`);
      expect(formatTeams(about)).toHaveProperty('attachments.0.content.actions.0', {
        type: 'Action.OpenUrl',
        title: 'Review',
        url: reviewUrl,
      });
      expect(formatPagerDuty(about).links[0]).toEqual({ href: reviewUrl, text: 'Review' });
      expect(formatWebhook(about, 'chn_1').body.toString()).toContain(`"review_url":"${reviewUrl}"`);
    }
  });

  it('shows no link that is none', () => {
    const about = notify('created', { reviewUrl: 'javascript:alert(1)', ticketUrl: null });
    expect(textsIn([formatSlack(about), formatTeams(about), formatPagerDuty(about)]).join()).not.toContain(
      'javascript',
    );
    expect(formatPagerDuty(about).links).toEqual([]);
  });
});

describe('PagerDuty', () => {
  it('has one key for an escalation, and an action for each moment', () => {
    const moments = ['created', 'claimed', 'overdue', 'resolved'] as const;
    const events = moments.map((moment) => formatPagerDuty(notify(moment)));
    expect(events.map((event) => event.event_action)).toEqual(['trigger', 'acknowledge', 'trigger', 'resolve']);
    expect(new Set(events.map((event) => event.dedup_key))).toEqual(new Set(['esc_01HZX3']));
    expect(events.map((event) => event.payload !== undefined)).toEqual([true, false, true, false]);
    expect(formatPagerDuty(budgetReached())).toMatchObject({ event_action: 'trigger', dedup_key: 'evt_01HZX9' });
  });

  it.each([
    ['low', 'info'],
    ['medium', 'warning'],
    ['high', 'error'],
    ['critical', 'critical'],
  ] as const)('takes %s for %s', (severity, expected) => {
    expect(formatPagerDuty(notify('created', { severity })).payload?.severity).toBe(expected);
  });

  it('keeps long keys apart', () => {
    const keyOf = (key: string) => formatPagerDuty({ ...notify('created'), key }).dedup_key;
    expect(keyOf('k'.repeat(255))).toBe('k'.repeat(255));
    expect(keyOf(`${'k'.repeat(300)}a`)).not.toBe(keyOf(`${'k'.repeat(300)}b`));
    expect(keyOf(`${'k'.repeat(300)}a`)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the webhook', () => {
  const idOf = (about: Parameters<typeof formatWebhook>[0], channel = 'chn_1') => formatWebhook(about, channel).id;

  it('has one id for one notification to one channel', () => {
    expect(idOf(notify('claimed'))).toBe(idOf(notify('claimed', { title: 'Renamed' })));
    const later = { ...notify('claimed'), occurredAt: new Date('2026-03-01T12:00:00.001Z') };
    const others = [later, notify('created'), { ...notify('claimed'), key: 'esc_2' }].map((about) => idOf(about));
    expect(new Set([idOf(notify('claimed')), idOf(notify('claimed'), 'chn_2'), ...others]).size).toBe(5);
  });

  it('is compact JSON with sorted keys, and nothing that is not named', () => {
    const about = notify('created');
    Object.assign(about.escalation ?? {}, { notes: 'canary', context: 'canary' });
    const body = formatWebhook(about, 'chn_1').body.toString();
    expect(body).toMatch(/^\{"data":\{"actor":\{"email":/);
    expect(body).toMatch(
      /"id":"ntf_[0-9a-f]{32}","org_id":"acme","timestamp":"2026-03-01T12:00:00.000Z","type":"escalation.created"\}$/,
    );
    expect(body).not.toContain('canary');
  });
});
