import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escalationWhen, openPeople, type People, type Shown } from '../e2e/support/escalations.js';
import { openBrowser } from '../support/chromium.js';
import { makeOrg } from '../support/factories.js';
import { openLocalTemporal, type LocalTemporal } from '../support/local-servers.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { expectListed, expectShown, expectVisible, shownMs } from './temporal-page.js';

/** A machine without a browser gets one first. */
const installMs = 400_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let temporal: LocalTemporal;
let people: People;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
let path: string;
let escalation: Shown;
beforeAll(async () => {
  [browser, temporal, people] = await Promise.all([openBrowser(), openLocalTemporal(), openPeople()]);
  product = openProduct({
    temporalAddress: temporal.address,
    env: { TEMPORAL_UI_URL: temporal.uiUrl, TICKET_PROVIDER: 'mock', ...people.env },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  const sla = { critical: { acknowledge_minutes: 30, resolve_minutes: 60 } };
  const channels = people.channels(['created']).filter(({ type }) => type === 'slack');
  await api.admin.put(`${org.path}/escalation-routing`, { sla });
  await api.admin.put(`${org.path}/approvals`, { channels });
  people.slack.misbehave({ kind: 'status', status: 503, headers: { 'retry-after': '3000' }, body: 'canary of Slack' });
  const raised = { title: 'canary title', reason: 'canary reason', severity: 'critical' };
  const made = await api.admin.post(`${org.path}/escalations`, raised);
  path = `${org.path}/escalations/${made.body.id}`;
  escalation = await escalationWhen(api.admin, path, ({ ticket }) => ticket?.sync_state === 'synced');
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), people.close()]);
  await temporal.close();
});

const shown = (tab: string | null, texts: string[]) =>
  expectShown(browser.context, escalation.workflow.url as string, tab, texts);
const ticketId = () => `ticket/${org.id}/${escalation.ticket.id}`;

describe('the Temporal UI, with the workflow of an escalation that waits to be claimed', { timeout: shownMs }, () => {
  it('shows what it is, and what each step and each timer is for', async () => {
    await shown(null, [
      `escalation/${org.id}/${escalation.id}`,
      'Running',
      'process its history: events, the ticket, notifications',
      `Ticket in mock for escalation ${escalation.id}`,
      'SLA: to be claimed by then, else people are notified',
      'Attempt 2',
    ]);
  });

  it('says in words where it stands, what is next and when, and why it waits, all of it to be seen', async () => {
    const dueBy = String(escalation.sla.acknowledge_due_at).slice(0, 16).replace('T', ' ');
    await shown('user-metadata', [
      `Escalation ${escalation.id} (critical)`,
      'Open · critical, for review',
      `waits for a reviewer to claim it. To be claimed by ${dueBy} UTC, else people are notified.`,
      '1 channel is not notified yet: see Pending Activities.',
    ]);
    await expectVisible(browser.context, escalation.workflow.url as string, `Its ticket: ${ticketId()}`);
  });

  it('shows why a channel was not told in our words, and when the next try is', async () => {
    await shown('pending-activities', [
      'notifyChannel',
      '2 of Unlimited',
      'Next Retry',
      'http_503',
      'ChannelUnavailable',
    ]);
  });

  it('leads to its ticket', async () => {
    await shown('relationships', [ticketId()]);
  });
});

describe('the Temporal UI’s list', { timeout: shownMs }, () => {
  it('finds it by org, severity and status, and no longer when it is claimed', async () => {
    const list = (status: string) => {
      const query = `OrgId="${org.id}" AND Severity="critical" AND LifecycleStatus="${status}" AND WorkflowType="escalation"`;
      return `${temporal.uiUrl}/namespaces/default/workflows?query=${encodeURIComponent(query)}`;
    };
    await expectListed(browser.context, list('open'), [escalation.workflow.id as string]);
    expect((await api.admin.post(`${path}/claim`)).status).toBe(200);
    await expectListed(browser.context, list('claimed'), [escalation.workflow.id as string]);
    await expectListed(browser.context, list('open'), ['No Results']);
    await shown('user-metadata', [
      'Claimed by admin · critical, for review',
      'waits for the decision. To be resolved by',
    ]);
  });
});
