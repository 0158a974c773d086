import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import type { ApiAnswer } from '../support/http.js';
import { openLocalTemporal, type LocalTemporal } from '../support/local-servers.js';
import { openProduct, webhookSecret, type RunningApi, type Product } from '../support/product.js';
import { expectListed, expectShown, expectVisible, shownMs } from './temporal-page.js';

/** A machine without a browser gets one first. */
const installMs = 400_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let temporal: LocalTemporal;
let tracker: FakeTracker;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
beforeAll(async () => {
  [browser, temporal, tracker] = await Promise.all([
    openBrowser(),
    openLocalTemporal(),
    startFakeTracker({ secret: webhookSecret }),
  ]);
  product = openProduct({
    temporalAddress: temporal.address,
    env: {
      TEMPORAL_UI_URL: temporal.uiUrl,
      TICKET_PROVIDER: 'webhook',
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_WAIT_MS: '2000',
    },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), tracker.close()]);
  await temporal.close();
});

interface Ticket {
  requestId: string;
  linkId: string;
  externalId: string | null;
  workflow: { id: string; url: string };
}

/** @param isThere what it is to have come to before it is looked at */
async function openTicket(isThere: (link: ApiAnswer['body']) => boolean): Promise<Ticket> {
  const request = await makeEvidenceRequest(api.admin, org.path);
  await api.admin.post(`${request.path}/ticket`);
  const { body } = await eventually(
    () => api.admin.get(`${request.path}/ticket`),
    (link) => isThere(link.body),
  );
  return {
    requestId: request.id,
    linkId: body.id as string,
    externalId: body.external_id as string | null,
    workflow: body.workflow as Ticket['workflow'],
  };
}

describe('the Temporal UI, with the workflow of an open ticket', { timeout: shownMs }, () => {
  let ticket: Ticket;
  beforeAll(async () => {
    ticket = await openTicket(({ sync_state }) => sync_state === 'synced');
  });

  it('shows at the link’s address which ticket it is, for what, and what each step was for', async () => {
    const { workflow, linkId, requestId } = ticket;
    await expectShown(browser.context, workflow.url, null, [
      workflow.id,
      linkId,
      'Running',
      `Ticket in webhook for evidence request ${requestId}`,
      'send the due commands to the tracker',
    ]);
  });

  it('says in words what it is, whose, where it stands, and what is next', async () => {
    await expectShown(browser.context, ticket.workflow.url, 'user-metadata', [
      `Ticket in webhook for evidence request ${ticket.requestId}`,
      'Open',
      String(ticket.externalId),
      org.id,
      'wait for a comment, the closing, or a reply of the tracker',
    ]);
  });

  it('says what was last sent to the tracker and when, and shows that line without scrolling', async () => {
    const path = `${org.path}/evidence-requests/${ticket.requestId}`;
    const { last_synced_at: before } = (await api.admin.get(`${path}/ticket`)).body;
    const added = await api.admin.post(`${path}/comments`, { body: 'canary of a comment' });
    expect(added.status).toBe(201);
    const { body } = await eventually(
      () => api.admin.get(`${path}/ticket`),
      (link) => link.body.last_synced_at !== before,
    );
    const at = String(body.last_synced_at).slice(0, 19).replace('T', ' ');
    const line = `Last sent: a comment, applied ${at} UTC.`;
    await expectShown(browser.context, ticket.workflow.url, 'user-metadata', [line]);
    await expectVisible(browser.context, ticket.workflow.url, line);
  });

  it('shows the attributes that the list is filtered by', async () => {
    await expectShown(browser.context, ticket.workflow.url, 'search-attributes', [
      `"OrgId": "${org.id}"`,
      `"Subject": "${ticket.requestId}"`,
      `"ExternalId": "${String(ticket.externalId)}"`,
      '"LifecycleStatus": "open"',
    ]);
  });

  it('finds it by its org and its state, and no longer when it is closed', async () => {
    const list = (status: string) => {
      const query = encodeURIComponent(`OrgId="${org.id}" AND LifecycleStatus="${status}"`);
      return `${temporal.uiUrl}/namespaces/default/workflows?query=${query}`;
    };
    await expectListed(browser.context, list('open'), [ticket.workflow.id]);
    await api.admin.post(`${org.path}/evidence-requests/${ticket.requestId}/ticket/close`);
    await expectListed(browser.context, list('closed'), [ticket.workflow.id]);
    await expectListed(browser.context, list('open'), ['No Results']);
  });
});

describe('the Temporal UI, with the workflow of a ticket whose tracker is down', { timeout: shownMs }, () => {
  let ticket: Ticket;
  beforeAll(async () => {
    tracker.always({ kind: 'status', status: 503, headers: { 'Retry-After': '3000' }, body: 'canary of the tracker' });
    ticket = await openTicket(({ last_error }) => last_error !== null);
  });

  it('shows the tries, when the next one is, and why in our words, not the tracker’s', async () => {
    await expectShown(browser.context, ticket.workflow.url, 'pending-activities', [
      'drainTicket',
      '2 of Unlimited',
      'Next Retry',
      'The tracker did not accept the ticket (http_503).',
      'TrackerUnavailable',
    ]);
    await expectShown(browser.context, ticket.workflow.url, null, ['Attempt 2']);
  });

  it('says that it is pending, and where to look', async () => {
    expect(ticket.externalId).toBeNull();
    await expectShown(browser.context, ticket.workflow.url, 'user-metadata', [
      'Pending:',
      'Pending Activities shows the attempts',
      ticket.requestId,
    ]);
    await expectShown(browser.context, ticket.workflow.url, 'search-attributes', ['"LifecycleStatus": "pending"']);
  });
});
