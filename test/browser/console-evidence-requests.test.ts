import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { api as apiOf, type Api } from '../support/http.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { expectCount } from './support/shown.js';
import { ticketBadge, untilTicketIdle } from './support/ticket-section.js';

const installMs = 400_000;
const hostile = `<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202E‏${'long '.repeat(500)}`;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
let page: Page;
let keys: Record<'configure' | 'read', string>;
beforeAll(async () => {
  browser = await openBrowser();
  // Longer than any call takes on a busy machine: every answer is the final one.
  product = openProduct({ env: { TICKET_WAIT_MS: '20000' } });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  keys = { configure: await makeKey('configure', 'Cora'), read: await makeKey('read', 'Rhea') };
  page = await browser.context.newPage();
  browser.context.setDefaultTimeout(25_000);
  await signIn(page, keys.configure);
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close()]);
});

async function makeKey(permission: string, name: string): Promise<string> {
  return (await api.admin.post(`${org.path}/api-keys`, { name, permissions: [permission] })).body.key;
}

async function signIn(on: Page, key: string, path = '/evidence-requests'): Promise<void> {
  await on.context().clearCookies();
  await on.goto(`${api.url}${path}`);
  await on.getByLabel('API key').fill(key);
  await on.getByRole('button', { name: 'Sign in' }).click();
  await on.waitForURL(`${api.url}${path}`);
}

/** Another person's browser. */
async function freshPage(options: { javaScriptEnabled?: boolean; timezoneId?: string } = {}): Promise<Page> {
  const context = await browser.browser.newContext(options);
  context.setDefaultTimeout(25_000);
  return context.newPage();
}

const makeRequest = (fields: object = {}) => makeEvidenceRequest(api.admin, org.path, { ...fields });
const pathOf = ({ id }: { id: string }) => `/evidence-requests/${id}`;
const open = (request: { id: string }) => page.goto(`${api.url}${pathOf(request)}`);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const ticket = () => page.locator('#ticket');
const thread = () => page.locator('.thread > li');

/** Without JavaScript the page does not refresh itself: follows `Refresh` until the ticket is synced. */
async function untilSynced(on: Page): Promise<void> {
  const again = on.getByRole('link', { name: 'Refresh' });
  const view = async () => {
    // It comes last in the section: the rest is parsed by then.
    await on.getByRole('button', { name: 'Comment' }).waitFor();
    const isMoving = (await again.count()) > 0;
    if (isMoving) await again.click();
    return isMoving;
  };
  await eventually(view, (isMoving) => !isMoving);
  await ticketBadge(on, 'synced').waitFor();
}

/** An evidence request with a synced ticket, so that nothing changes in the background. */
async function makeTicketed(): Promise<{ id: string; path: string }> {
  const request = await makeRequest();
  await api.admin.post(`${request.path}/ticket`);
  await eventually(
    () => api.admin.get(`${request.path}/ticket`),
    ({ body }) => body.sync_state === 'synced',
  );
  return request;
}

async function comment(text: string): Promise<void> {
  await page.getByLabel('Comment').fill(text);
  await button('Comment').click();
}

describe('evidence requests', () => {
  it('are made, listed by what decides first, narrowed and changed', async () => {
    await page.getByText('No evidence requests yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'New request' }).click();
    await expectAccessible(page);
    await page.getByLabel('Title').fill('Access reviews');
    await page.getByLabel('Description').fill('Of each role\n  with approvals');
    await page.getByLabel('Due').fill('2020-01-02T03:04');
    await page.getByLabel('Controls').fill(`CC6.1\n\n${'x'.repeat(201)}`);
    await button('Create request').click();
    await page.getByText('Controls line 2').waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('Of each role\n  with approvals');
    await expectAccessible(page);
    await page.getByLabel('Controls').fill('CC6.1\n A.9 ');
    await button('Create request').click();
    await page.getByRole('heading', { name: 'Access reviews', level: 1 }).waitFor();
    const id = new URL(page.url()).pathname.split('/').pop() ?? '';
    const { body } = await api.admin.get(`${org.path}/evidence-requests/${id}`);
    expect(body).toMatchObject({ description: 'Of each role\n  with approvals', control_refs: ['CC6.1', 'A.9'] });

    await page.getByText('Edit', { exact: true }).click();
    await page.getByLabel('Assignee').fill('Ida');
    await page.getByLabel('Title').fill('x');
    await page.getByLabel('Title').fill('Access reviews, Q2');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    await page.getByLabel('Status').selectOption({ label: 'in progress' });
    await button('Set').click();
    await expect.poll(() => page.locator('.head .badge').textContent()).toContain('in progress');
    const changed = (await api.admin.get(`${org.path}/evidence-requests/${id}`)).body;
    expect(changed).toMatchObject({ title: 'Access reviews, Q2', assignee: 'Ida', status: 'in_progress' });
    expect(changed.due_at).toBe(body.due_at);

    await makeRequest({ title: 'Backups', status: 'accepted', due_at: '2020-01-01T00:00:00Z' });
    await page.goto(`${api.url}/evidence-requests`);
    const rows = () => page.locator('tbody tr').allInnerTexts();
    expect((await rows())[1]).toMatch(/in progress\s+Access reviews, Q2\s+overdue \d+ d\s+Ida\s+–/);
    expect((await rows())[0]).not.toContain('overdue');
    await expectAccessible(page);
    await page.getByLabel('Status').selectOption('accepted');
    await button('Filter').click();
    await page.waitForURL(/status=accepted/);
    expect(await rows()).toHaveLength(1);
    await page.goto(`${api.url}/evidence-requests?limit=1`);
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.waitForURL(/cursor=/);
    expect((await rows())[0]).toContain('Access reviews, Q2');
    await page.goto(`${api.url}/evidence-requests?status=rejected`);
    await page.getByText('Nothing matches').waitFor();
  });

  it('take a due time in the reader’s zone, and leave one alone that nobody touched', async () => {
    const tokyo = await freshPage({ timezoneId: 'Asia/Tokyo' });
    await signIn(tokyo, keys.configure, '/evidence-requests/new');
    await tokyo.getByText('In your time, Asia/Tokyo.').waitFor();
    await tokyo.getByLabel('Title').fill('Due in Tokyo');
    await tokyo.getByLabel('Due').fill('2030-06-01T09:30');
    await tokyo.getByRole('button', { name: 'Create request' }).click();
    await tokyo.getByRole('heading', { name: 'Due in Tokyo' }).waitFor();
    const path = `${org.path}${new URL(tokyo.url()).pathname}`;
    expect((await api.admin.get(path)).body.due_at).toBe('2030-06-01T00:30:00.000Z');
    await api.admin.patch(path, { due_at: '2030-06-01T00:30:59.999Z' });
    await tokyo.reload();
    await tokyo.getByText('Edit', { exact: true }).click();
    expect(await tokyo.getByLabel('Due').inputValue()).toBe('2030-06-01T09:30');
    await tokyo.getByLabel('Assignee').fill('Kei');
    await tokyo.getByRole('button', { name: 'Save' }).click();
    await tokyo.getByText('Saved.').waitFor();
    expect((await api.admin.get(path)).body).toMatchObject({ assignee: 'Kei', due_at: '2030-06-01T00:30:59.999Z' });
    await tokyo.context().close();
  });
});

describe('the Ticket Sync section', () => {
  it('creates a ticket, carries comments both ways, closes it, and unlinks it with the thread kept', async () => {
    const request = await makeRequest();
    await open(request);
    await ticket().getByText('It would be opened in the mock').waitFor();
    await comment('Before there was a ticket');
    await ticket().getByText('not sent').waitFor();
    await expectAccessible(page);

    await button('Create ticket').click();
    await ticketBadge(page, 'synced').waitFor();
    const link = (await api.admin.get(`${request.path}/ticket`)).body;
    const deep = ticket().getByRole('link', { name: link.external_id });
    expect(await deep.getAttribute('href')).toBe(link.external_url);
    expect(await deep.getAttribute('rel')).toBe('noopener noreferrer');
    const workflow = ticket().getByRole('link', { name: 'All steps and attempts, in Temporal' });
    expect(await workflow.getAttribute('href')).toBe(link.workflow.url);
    await comment('Is it there?');
    await ticket().getByText('Received from Cora: Is it there?').waitFor();
    await untilTicketIdle(page);
    expect(await page.getByLabel('Comment').inputValue()).toBe('');
    expect((await thread().allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^Cora here .* not sent Before there was a ticket$/),
      expect.stringMatching(/^Cora here .* in Mock Is it there\?$/),
      expect.stringMatching(/^Mock tracker Mock .* ago Received from Cora: Is it there\?$/),
    ]);
    await expectAccessible(page);

    await button('Close ticket').click();
    await ticket().getByText('Nothing is left to do: the mock has closed the ticket.').waitFor();
    expect((await api.admin.get(`${request.path}/ticket`)).body).toMatchObject({
      state: 'closed',
      sync_state: 'synced',
    });
    expect(await button('Close ticket').count()).toBe(0);
    await expectAccessible(page);

    await page.getByText('Unlink…').click();
    await page.getByText('The ticket stays in the mock as it is, and the thread stays here').waitFor();
    await expectAccessible(page);
    await button('Unlink the ticket').click();
    await button('Create ticket').waitFor();
    expect((await api.admin.get(`${request.path}/ticket`)).status).toBe(404);
    await expectCount(thread(), 3);
  });

  it('is worked by keyboard alone', async () => {
    const request = await makeRequest({ title: 'By keyboard' });
    await page.goto(`${api.url}/evidence-requests`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
    await button('Create ticket').focus();
    await page.keyboard.press('Enter');
    await button('Close ticket').waitFor();
    await untilTicketIdle(page);
    await page.getByLabel('Comment').focus();
    await page.keyboard.type('One');
    await page.keyboard.press('Control+Enter');
    await ticket().getByText('Received from Cora: One').waitFor();
    // The cursor is still where it was.
    await page.keyboard.type('Two');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await ticket().getByText('Received from Cora: Two').waitFor();
    await untilTicketIdle(page);
    await button('Close ticket').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await button('Unlink the ticket').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await button('Create ticket').waitFor();
    expect((await api.admin.get(`${request.path}/ticket`)).status).toBe(404);
  });

  it('works without JavaScript', async () => {
    const plain = await freshPage({ javaScriptEnabled: false });
    await signIn(plain, keys.configure, '/evidence-requests/new');
    const press = (name: string) => plain.getByRole('button', { name, exact: true }).click();
    await plain.getByLabel('Title').fill('Without a script');
    await plain.getByLabel('Due').fill('2031-01-01T12:00');
    await press('Create request');
    await press('Create ticket');
    await untilSynced(plain);
    await plain.getByLabel('Comment').fill('Two\nlines');
    await press('Comment');
    await untilSynced(plain);
    await plain.getByText('Received from Cora: Two').waitFor();
    await press('Close ticket');
    await untilSynced(plain);
    await plain.getByText('Nothing is left to do').waitFor();
    const path = `${org.path}${new URL(plain.url()).pathname}`;
    const { body } = await api.admin.get(path);
    expect(body).toMatchObject({ due_at: '2031-01-01T12:00:00.000Z', ticket: { state: 'closed' } });
    expect((await api.admin.get(`${path}/comments`)).body.data[0].body).toBe('Two\nlines');
    await plain.getByText('Unlink…').click();
    await press('Unlink the ticket');
    await plain.getByRole('button', { name: 'Create ticket' }).waitFor();
    await plain.context().close();
  });

  it('folds a comment of 30,000 characters, and shows hostile text as text, at any width', async () => {
    const request = await makeRequest({
      title: hostile.slice(0, 400),
      description: hostile,
      assignee: hostile.slice(0, 150),
    });
    await open(request);
    await comment(`${hostile}${'x'.repeat(30_000 - hostile.length)}`);
    await ticket().getByText('All 30,000 characters').click();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [pathOf(request), '/evidence-requests']) {
      const answer = await page.goto(`${api.url}${path}`);
      expect((await answer?.body())?.length).toBeLessThan(100_000);
      expect(await page.title()).not.toBe('owned');
      expect(await page.locator('main script, main img').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 1440, height: 1200 });
  });

  it('keeps a comment that is too long, and says so beside it', async () => {
    await open(await makeRequest());
    await page.getByLabel('Comment').evaluate((area) => area.removeAttribute('maxlength'));
    await comment('y'.repeat(32_001));
    await ticket().locator('#comment-error').waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toHaveLength(32_001);
    expect(await thread().count()).toBe(0);
    await expectAccessible(page);
  });

  it('shows the end of a long thread first, and leads to what was before', async () => {
    const request = await makeRequest();
    for (let n = 1; n <= 35; n++) await api.admin.post(`${request.path}/comments`, { body: `Number ${n}.` });
    for (let n = 36; n <= 38; n++)
      await api.admin.post(`${request.path}/comments`, { body: `${n} ${'ü'.repeat(12_000)}` });
    await open(request);
    const seen: string[] = [];
    for (;;) {
      const shown = await page.locator('.thread > li > p.text, .thread .beginning').allInnerTexts();
      seen.unshift(...shown.flatMap((text) => /\d+/.exec(text)?.[0] ?? []));
      const earlier = ticket().getByRole('link', { name: 'Earlier comments' });
      if ((await earlier.count()) === 0) break;
      await earlier.click();
      await page.waitForURL(/before=/);
      await ticket().getByRole('link', { name: 'Newest comments' }).waitFor();
    }
    expect(seen.map(Number)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
    await expectAccessible(page);
    await comment('And one more');
    await ticket().getByText('And one more').waitFor();
  });

  it('stands on an escalation’s review as well', async () => {
    const { body } = await api.admin.post(`${org.path}/escalations`, { title: 'With a ticket', severity: 'high' });
    // Its workflow opens a ticket by itself, and the page follows.
    await page.goto(`${api.url}/escalations/${body.id}/review`);
    await ticketBadge(page, 'synced').waitFor();
    await untilTicketIdle(page);
    await page.getByText('Unlink…').click();
    await button('Unlink the ticket').click();
    await button('Create ticket').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/escalations/${body.id}/review`);
    await api.admin.put(`${org.path}/escalation-routing`, { ticket: { enabled: false, min_severity: 'low' } });
    const second = await api.admin.post(`${org.path}/escalations`, { title: 'Without', severity: 'high' });
    await page.goto(`${api.url}/escalations/${second.body.id}/review`);
    await button('Create ticket').click();
    await button('Close ticket').waitFor();
    await comment('From the review');
    await ticket().getByText('Received from Cora: From the review').waitFor();
    await untilTicketIdle(page);
    await button('Close ticket').click();
    await ticket().getByText('Nothing is left to do').waitFor();
    await expectAccessible(page);
    expect((await api.admin.get(`${org.path}/escalations/${second.body.id}`)).body.ticket.state).toBe('closed');
  });
});

describe('who may what', () => {
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = (path: string, headers: Record<string, string>, form: Record<string, string>) =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...urlencoded, ...headers },
      body: new URLSearchParams(form),
    });

  /** A session as a browser has it. */
  async function session(key: string, path: string): Promise<{ cookie: string; token: string; html: string }> {
    const signedIn = await post('/login', { origin: api.url }, { key, next: '/' });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const html = await (await fetch(`${api.url}${path}`, { headers: { cookie } })).text();
    return { cookie, html, token: /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? '' };
  }

  const acts: [string, Record<string, string>][] = [
    ['', { title: 'forged' }],
    ['/status', { status: 'closed' }],
    ['/ticket', {}],
    ['/ticket/close', {}],
    ['/ticket/unlink', {}],
  ];
  const snapshot = async (caller: Api, path: string) => [
    (await caller.get(path)).body,
    (await caller.get(`${path}/comments`)).body,
  ];

  it('lets a key that only reads comment, and offers and grants it nothing else', async () => {
    const request = await makeTicketed();
    const before = await snapshot(api.admin, request.path);
    const { cookie, token, html } = await session(keys.read, pathOf(request));
    for (const word of ['Close ticket', 'Unlink', 'Edit', '>Set<']) expect(html).not.toContain(word);
    for (const [act, form] of acts) {
      const answer = await post(`${pathOf(request)}${act}`, { cookie, origin: api.url }, { ...form, _token: token });
      expect([act, answer.status]).toEqual([act, 403]);
    }
    const made = await post('/evidence-requests', { cookie, origin: api.url }, { title: 'x', _token: token });
    expect(made.status).toBe(403);
    const list = await (await fetch(`${api.url}/evidence-requests`, { headers: { cookie } })).text();
    expect(list).not.toContain('New request');
    expect(await snapshot(api.admin, request.path)).toEqual(before);

    const reader = await freshPage();
    await signIn(reader, keys.read, pathOf(request));
    await reader.getByLabel('Comment').fill('I may say so');
    await reader.getByRole('button', { name: 'Comment' }).click();
    await reader.getByText('Received from Rhea: I may say so').waitFor();
    await expectAccessible(reader);
    await reader.context().close();
  });

  it('changes nothing by a form of another site, nor by one without its token', async () => {
    const request = await makeTicketed();
    const before = await snapshot(api.admin, request.path);
    const { cookie, token } = await session(keys.configure, pathOf(request));
    for (const [act, form] of [...acts, ['/comments', { comment: 'forged' }]] as typeof acts) {
      const forged = [
        await post(`${pathOf(request)}${act}`, { cookie, origin: 'https://evil.test' }, { ...form, _token: token }),
        await post(`${pathOf(request)}${act}`, { cookie, origin: api.url }, form),
      ];
      expect([act, ...forged.map(({ status }) => status)]).toEqual([act, 403, 403]);
    }
    expect(await snapshot(api.admin, request.path)).toEqual(before);
  });

  it('shows nothing of another org', async () => {
    const other = await makeOrg(api.admin);
    const foreign = await makeEvidenceRequest(api.admin, other.path);
    const caller = apiOf(`${api.url}/api/v1`, keys.configure);
    expect((await caller.get(foreign.path)).status).toBe(404);
    const { cookie, token } = await session(keys.configure, '/evidence-requests/new');
    const shown = await fetch(`${api.url}${pathOf(foreign)}`, { headers: { cookie } });
    expect(shown.status).toBe(404);
    for (const [act, form] of [...acts, ['/comments', { comment: 'x' }]] as typeof acts) {
      const answer = await post(`${pathOf(foreign)}${act}`, { cookie, origin: api.url }, { ...form, _token: token });
      expect([act, answer.status]).toEqual([act, 404]);
    }
    expect((await api.admin.get(foreign.path)).body.ticket).toBeNull();
  });
});
