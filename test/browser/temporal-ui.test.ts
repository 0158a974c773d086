import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { openProduct, webhookSecret, type ApiProcess, type Product } from '../support/product.js';

const patience = { timeout: 20_000 };
/** A machine without a browser gets one first. */
const installMs = 400_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let tracker: FakeTracker;
let product: Product;
let api: ApiProcess;
let org: { id: string; path: string };
beforeAll(async () => {
  [browser, tracker] = await Promise.all([openBrowser(), startFakeTracker({ secret: webhookSecret })]);
  product = openProduct({
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, TICKET_WAIT_MS: '2000' },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), tracker.close()]);
});

interface Ticket {
  requestId: string;
  linkId: string;
  externalId: string | null;
  workflow: { id: string; url: string };
}

async function openTicket(): Promise<Ticket> {
  const request = await makeEvidenceRequest(api.admin, org.path);
  const { body } = await api.admin.post(`${request.path}/ticket`);
  return {
    requestId: request.id,
    linkId: body.id as string,
    externalId: body.external_id as string | null,
    workflow: body.workflow as Ticket['workflow'],
  };
}

/** Follows the address that the API gives, then one of the page's tabs, and waits until it shows all of this. */
async function expectShown(url: string, tab: string | null, texts: string[]): Promise<void> {
  const page = await browser.context.newPage();
  await page.goto(url);
  if (tab !== null) await openTab(page, tab);
  const shown = await eventually(
    () => textOf(page),
    (text) => texts.every((wanted) => text.includes(wanted)),
    patience.timeout,
  );
  expect(shown).not.toContain('canary');
  await page.close();
}

/** Of its frames too, for Markdown is shown in frames of its own. */
async function textOf(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.innerText('body').catch(() => '')));
  return texts.join('\n').replaceAll(/\s+/g, ' ');
}

/** The run's page, to which the address without a run leads. */
async function openTab(page: Page, tab: string): Promise<void> {
  await page.waitForURL(/\/history$/, patience);
  await page.goto(page.url().replace(/history$/, tab));
}

describe('the Temporal UI, with the workflow of an open ticket', () => {
  let ticket: Ticket;
  beforeAll(async () => {
    ticket = await openTicket();
  });

  it('shows at the link’s address which ticket it is, for what, and what each step was for', async () => {
    const { workflow, linkId, requestId } = ticket;
    await expectShown(workflow.url, null, [
      workflow.id,
      linkId,
      'Running',
      `Ticket in webhook for evidence request ${requestId}`,
      'bring what is due to the tracker',
    ]);
  });

  it('says in words what it is, whose, where it stands, and what is next', async () => {
    await expectShown(ticket.workflow.url, 'user-metadata', [
      `Ticket in webhook for evidence request ${ticket.requestId}`,
      'Open',
      String(ticket.externalId),
      org.id,
      'waits for a comment, the closing, or a reply of the tracker',
    ]);
  });

  it('shows the attributes that the list is filtered by', async () => {
    await expectShown(ticket.workflow.url, 'search-attributes', [
      `"OrgId": "${org.id}"`,
      `"Subject": "${ticket.requestId}"`,
      `"ExternalId": "${String(ticket.externalId)}"`,
      '"LifecycleStatus": "open"',
    ]);
  });

  it('finds it by its org and its state, and no longer when it is closed', async () => {
    const list = (status: string) => {
      const query = encodeURIComponent(`OrgId="${org.id}" AND LifecycleStatus="${status}"`);
      return `${inject('temporalUiUrl')}/namespaces/default/workflows?query=${query}`;
    };
    await expectShown(list('open'), null, [ticket.workflow.id]);
    await api.admin.post(`${org.path}/evidence-requests/${ticket.requestId}/ticket/close`);
    await expectShown(list('closed'), null, [ticket.workflow.id]);
    await expectShown(list('open'), null, ['No Results']);
  });
});

describe('the Temporal UI, with the workflow of a ticket whose tracker is down', () => {
  let ticket: Ticket;
  beforeAll(async () => {
    tracker.always({ kind: 'status', status: 503, headers: { 'Retry-After': '3000' }, body: 'canary of the tracker' });
    ticket = await openTicket();
  });

  it('shows the tries, when the next one is, and why in our words, not the tracker’s', async () => {
    await expectShown(ticket.workflow.url, 'pending-activities', [
      'drainTicket',
      '2 of Unlimited',
      'Next Retry',
      'The tracker did not take the ticket (http_503).',
      'TrackerUnavailable',
    ]);
    await expectShown(ticket.workflow.url, null, ['Attempt 2']);
  });

  it('says that it is pending, and where to look', async () => {
    expect(ticket.externalId).toBeNull();
    await expectShown(ticket.workflow.url, 'user-metadata', ['Pending:', 'see Pending Activities', ticket.requestId]);
    await expectShown(ticket.workflow.url, 'search-attributes', ['"LifecycleStatus": "pending"']);
  });
});
