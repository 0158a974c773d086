import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { sendReply, startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { openProduct, webhookSecret, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { ticketBadge } from './support/ticket-section.js';

const installMs = 400_000;
const hostile = "<script>document.title='owned'</script><img src=x onerror=alert(1)> No such project";
const down = { kind: 'status', status: 503, body: { message: 'Down for maintenance' } } as const;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let tracker: FakeTracker;
let api: RunningApi;
let org: { id: string; path: string };
let page: Page;
let key: string;
beforeAll(async () => {
  browser = await openBrowser();
  browser.context.setDefaultTimeout(25_000);
  tracker = await startFakeTracker({ secret: webhookSecret });
  product = openProduct({
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, TICKET_WAIT_MS: '1000' },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  key = (await api.admin.post(`${org.path}/api-keys`, { name: 'Cora', permissions: ['configure'] })).body.key;
  page = await browser.context.newPage();
  await signIn(page, api);
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), tracker.close()]);
});

async function signIn(on: Page, { url }: RunningApi): Promise<void> {
  await on.goto(`${url}/evidence-requests`);
  await on.getByLabel('API key').fill(key);
  await on.getByRole('button', { name: 'Sign in' }).click();
  await on.getByRole('heading', { name: 'Evidence requests', level: 1 }).waitFor();
}

async function openRequest(): Promise<{ id: string; path: string }> {
  const request = await makeEvidenceRequest(api.admin, org.path);
  await page.goto(`${api.url}/evidence-requests/${request.id}`);
  return request;
}

const ticket = () => page.locator('#ticket');
/** The badge of a thread entry. */
const badge = (label: string) => ticket().locator('.thread .badge', { hasText: label });
const button = (name: string) => page.getByRole('button', { name, exact: true });

async function comment(text: string): Promise<void> {
  await page.getByLabel('Comment').fill(text);
  await button('Comment').click();
}

describe('a tracker that refuses', () => {
  it('is quoted, its hostile words as text, and asked again when somebody says so', async () => {
    tracker.misbehave({ kind: 'status', status: 422, body: { message: `${hostile} \u202Eesrever` } });
    const request = await openRequest();
    await button('Create ticket').click();
    await ticket().getByText('The tracker refused the ticket.').waitFor();
    await ticket().getByText(hostile).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('main script, main img').count()).toBe(0);
    await ticketBadge(page, 'error').waitFor();
    await comment('Behind it');
    await badge('pending: waiting for the ticket').waitFor();
    // It waits for a person: nothing is looked at again and again.
    expect(await page.locator('#ticket-sync[hx-trigger]').count()).toBe(0);
    await expectAccessible(page);
    await page.goto(`${api.url}/evidence-requests`);
    await page.locator('tbody tr .badge', { hasText: 'error' }).waitFor();
    await expectAccessible(page);
    await page.goBack();
    await button('Try again').click();
    await ticketBadge(page, 'synced').waitFor();
    await badge('in Tracker').waitFor();
    const [made] = tracker.tickets();
    expect(made?.comments.map(({ body }) => body)).toEqual(['Behind it']);
    const link = ticket().getByRole('link', { name: made?.externalId ?? '' });
    expect(await link.getAttribute('href')).toBe(`https://tracker.example/${made?.externalId}`);
    expect((await api.admin.get(`${request.path}/ticket`)).body.sync_state).toBe('synced');
  });

  it('of a comment or a closing leaves both on record, with why', async () => {
    const request = await openRequest();
    await button('Create ticket').click();
    await ticketBadge(page, 'synced').waitFor();
    tracker.misbehave({ kind: 'status', status: 400, body: { message: hostile } }, { event: 'ticket.comment' });
    await comment('Not to its taste');
    await badge('refused by Tracker').waitFor();
    await ticket().getByText('The tracker refused a comment, which is listed below.').waitFor();
    expect(await ticket().locator('.thread .error').innerText()).toContain(hostile);
    expect(await page.getByLabel('Comment').inputValue()).toBe('');
    await expectAccessible(page);
    tracker.misbehave(
      { kind: 'status', status: 400, body: { message: 'It has open tasks' } },
      { event: 'ticket.close' },
    );
    await button('Close ticket').click();
    await ticket().getByText('It has open tasks').waitFor();
    await expectAccessible(page);
    await button('Close again').click();
    await ticket().getByText('Nothing is left to do: the tracker has closed the ticket.').waitFor();
    expect((await api.admin.get(`${request.path}/ticket`)).body).toMatchObject({
      state: 'closed',
      sync_state: 'synced',
    });
  });

  it('is told of as well to who has no script', async () => {
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, api);
    const request = await makeEvidenceRequest(api.admin, org.path);
    await plain.goto(`${api.url}/evidence-requests/${request.id}`);
    await plain.getByLabel('Comment').evaluate((area) => area.removeAttribute('maxlength'));
    await plain.getByLabel('Comment').fill('z'.repeat(32_001));
    await plain.getByRole('button', { name: 'Comment' }).click();
    await plain.locator('#comment-error').waitFor();
    expect(await plain.getByLabel('Comment').inputValue()).toHaveLength(32_001);
    expect((await api.admin.get(`${request.path}/comments`)).body.data).toEqual([]);
    tracker.misbehave({ kind: 'status', status: 422, body: { message: hostile } });
    await plain.getByRole('button', { name: 'Create ticket' }).click();
    await plain.getByText('Unlink…').waitFor();
    const again = plain.getByRole('link', { name: 'Refresh' });
    const view = async () => {
      if ((await again.count()) > 0) await again.click();
      return plain.getByRole('button', { name: 'Try again' }).count();
    };
    await eventually(view, (count) => count === 1);
    await plain.getByText(hostile).waitFor();
    await context.close();
  });
});

describe('a tracker that is away', () => {
  it('is tried again at a time that the page tells, which follows by itself and leaves what is typed alone', async () => {
    tracker.always(down);
    await openRequest();
    await button('Create ticket').click();
    await ticket()
      .getByText(/has not accepted the ticket in .* The next attempt is in/)
      .waitFor();
    await ticket().getByText('Down for maintenance').waitFor();
    await ticketBadge(page, 'pending').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Comment').fill('Half a thou');
    await page.getByText('Unlink…').click();
    await ticket()
      .getByText(/in [2-9] attempts/)
      .waitFor();
    tracker.always(null);
    await ticketBadge(page, 'synced').waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('Half a thou');
    expect(await page.locator('#ticket-sync[hx-trigger]').count()).toBe(0);

    tracker.always(down);
    await page.getByLabel('Comment').focus();
    await page.keyboard.press('End');
    await page.keyboard.type('ght');
    await page.keyboard.press('Control+Enter');
    await badge('pending').waitFor();
    await ticket().getByText('Half a thought').waitFor();
    await page.keyboard.type('The next one');
    tracker.always(null);
    await badge('in Tracker').waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('The next one');
    expect(await page.evaluate('document.activeElement.id')).toBe('comment');
    // Each failed try doubles the delay before the next one.
  }, 90_000);

  it('lets a reply show up, labelled by where it was said', async () => {
    const request = await openRequest();
    await button('Create ticket').click();
    await ticketBadge(page, 'synced').waitFor();
    const { external_id } = (await api.admin.get(`${request.path}/ticket`)).body;
    const input = { external_comment_id: 'C-1', author: '<b>Ann</b>', body: hostile };
    await sendReply(api.url, { external_id, comment: input, status: 'submitted' }, { secret: webhookSecret });
    // A queued reply is applied after its answer.
    await eventually(
      async () => ({
        thread: (await api.admin.get(`${request.path}/comments`)).body.data,
        status: (await api.admin.get(request.path)).body.status,
        there: (await api.admin.get(`${request.path}/ticket`)).body.external_status,
      }),
      ({ thread, status, there }) => thread.length === 1 && status === 'submitted' && there === 'submitted',
    );
    await page.reload();
    const entry = page.locator('.thread > li');
    expect((await entry.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^<b>Ann<\/b> Tracker .* ago <script>/);
    expect(await page.locator('.head .badge').textContent()).toContain('submitted');
    expect(await ticket().locator('dl').innerText()).toMatch(/Status in the tracker\s+submitted/);
    await expectAccessible(page);
  });
});

describe('without a tracker', () => {
  it('says what is missing and where to mend it, records nothing, and still takes comments', async () => {
    const gated = await product.startApi({ env: { TICKET_PROVIDER: 'jira' } });
    // Ports share cookies: this session holds there as well.
    const request = await makeEvidenceRequest(api.admin, org.path);
    await page.goto(`${gated.url}/evidence-requests/${request.id}`);
    await ticket().getByText('The ticket provider jira needs JIRA_BASE_URL and JIRA_API_TOKEN.').waitFor();
    expect(await ticket().locator('.errors code').allInnerTexts()).toEqual(['JIRA_BASE_URL', 'JIRA_API_TOKEN']);
    await ticket().getByRole('link', { name: 'Setup' }).waitFor();
    await ticket().getByRole('link', { name: 'Connections' }).waitFor();
    await expectAccessible(page);
    await button('Create ticket').click();
    await page.getByRole('alert').getByText('JIRA_API_TOKEN').first().waitFor();
    await expectAccessible(page);
    expect((await api.admin.get(`${request.path}/ticket`)).status).toBe(404);
    await comment('Said all the same');
    await badge('not sent').waitFor();
    await gated.stop();
  });
});
