import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { makeOrg } from '../support/factories.js';
import { api as apiOf, type Api } from '../support/http.js';
import { adminKey, openProduct, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { expectTexts } from './support/shown.js';
import { signInAt } from './support/sign-in.js';

const installMs = 400_000;
const hostile = `<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202E${'long '.repeat(500)}`;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
let page: Page;
let reviewer: Api & { key: string };
beforeAll(async () => {
  browser = await openBrowser();
  product = openProduct();
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  reviewer = await keyOf('review', 'Rita');
  page = await browser.context.newPage();
  await signIn(reviewer.key);
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close()]);
});

async function keyOf(permission: string, name: string): Promise<Api & { key: string }> {
  const { body } = await api.admin.post(`${org.path}/api-keys`, { name, permissions: [permission] });
  return Object.assign(apiOf(`${api.url}/api/v1`, body.key), { key: body.key });
}

const signIn = (key: string) => signInAt(page, { url: `${api.url}/`, key, heading: 'Escalations' });

async function raise(more: object): Promise<string> {
  const { status, body } = await api.admin.post(`${org.path}/escalations`, {
    severity: 'high',
    title: 'A prompt',
    ...more,
  });
  expect(status).toBe(201);
  return body.id;
}

describe('the queue', () => {
  it('says what would fill it, then lists what is there, narrows it, and tells of what is new', async () => {
    await page.getByText('Nothing to review').waitFor();
    await expectAccessible(page);
    await raise({ title: 'Keys in a prompt', severity: 'critical', gateway: { id: 'gw-1', name: 'Edge' } });
    await raise({ title: 'A long prompt', severity: 'low' });
    await page.goto(`${api.url}/escalations`);
    const titles = page.locator('tbody td.what');
    await expectTexts(titles, ['A long prompt', 'Keys in a prompt']);
    await expectAccessible(page);
    await page.getByLabel('Severity').selectOption('critical');
    await page.getByRole('button', { name: 'Filter' }).click();
    await expectTexts(titles, ['Keys in a prompt']);
    expect(new URL(page.url()).searchParams.get('severity')).toBe('critical');
    // Narrowed to what is older than others, nothing is new because of that.
    await page.goto(`${api.url}/escalations?severity=critical`);
    await raise({ title: 'Critical now', severity: 'critical' });
    await page.getByRole('link', { name: '1 new' }).waitFor();
    await page.goto(`${api.url}/escalations`);
    await raise({ title: 'Just now' });
    await page.getByRole('link', { name: '1 new' }).click();
    await expectTexts(titles, ['Just now', 'Critical now', 'A long prompt', 'Keys in a prompt']);
  });

  it('is walked by keyboard', async () => {
    await page.goto(`${api.url}/escalations`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/review$/);
    await page.goto(`${api.url}/escalations`);
    await page.keyboard.press('/');
    await page.keyboard.type('long');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=long/);
  });
});

describe('the keys', () => {
  const dialog = () => page.getByRole('dialog', { name: 'Keys of this page' });
  const listed = async () =>
    (await dialog().locator('kbd').all()).reduce<Promise<string[]>>(
      async (found, key) => ((await key.isVisible()) ? [...(await found), (await key.textContent()) ?? ''] : found),
      Promise.resolve([]),
    );

  it('of each page are listed behind ? and a button, and closed by Escape', async () => {
    const id = await raise({ title: 'With keys' });
    await page.goto(`${api.url}/escalations`);
    await page.keyboard.press('?');
    await dialog().waitFor();
    expect(await listed()).toEqual(['j', 'k', 'Enter', '/', '?']);
    await expectAccessible(page);
    // It covers the page, whose keys rest meanwhile.
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement?.name')).not.toBe('q');

    await page.goto(`${api.url}/escalations/${id}/review`);
    await page.getByRole('button', { name: 'Keys' }).click();
    await dialog().waitFor();
    expect(await listed()).toEqual(expect.arrayContaining(['c', 'n', '?']));
    expect(await listed()).not.toContain('j');
    await dialog().getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await page.keyboard.press('c');
    await page.getByText('Claimed by').waitFor();
  });
});

describe('a link to a review of another org', () => {
  it('offers an administrator to change over, and does not exist for a key of another org', async () => {
    const id = await raise({ title: 'Elsewhere' });
    const link = `${api.url}/escalations/${id}/review?from=mail`;
    const other = await makeOrg(api.admin);
    const context = await browser.browser.newContext();
    const admin = await context.newPage();
    const signInTo = async (key: string) => {
      await context.clearCookies();
      await admin.goto(link);
      await admin.getByLabel('API key').fill(key);
      await admin.getByRole('button', { name: 'Sign in' }).click();
    };
    // Without an org that is chosen, and with another one.
    await signInTo(adminKey);
    await admin.getByRole('heading', { name: `This belongs to ${org.id}` }).waitFor();
    await expectAccessible(admin);
    await admin.goto(`${api.url}/orgs`);
    await admin.getByRole('button', { name: other.id }).click();
    await admin.goto(link);
    await admin.getByText(`You are looking at ${other.id} now.`).waitFor();
    expect(await admin.content()).not.toContain('Elsewhere');
    await admin.getByRole('button', { name: `Go to ${org.id} and open it` }).click();
    await admin.getByRole('heading', { name: 'Elsewhere' }).waitFor();
    expect(admin.url()).toBe(link);
    expect((await admin.goto(`${api.url}/escalations/esc_none/review`))?.status()).toBe(404);

    const { body } = await api.admin.post(`${other.path}/api-keys`, { name: 'Other', permissions: ['configure'] });
    await signInTo(body.key);
    await admin.getByRole('heading', { name: 'Not found' }).waitFor();
    expect(await admin.content()).not.toContain(org.id);
    await context.close();
  });
});

describe('a review', () => {
  it('goes from claiming to the decision with its reason, on one page', async () => {
    const id = await raise({ title: 'Card numbers', reason: 'Looks like PANs', context: { prompt: '4111…' } });
    await page.goto(`${api.url}/escalations/${id}/review`);
    await page.getByText('Looks like PANs').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('c');
    await page.getByText('Claimed by').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Note').fill('Asked the team.');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByText('Asked the team.').waitFor();
    await page.getByRole('radio', { name: 'denied' }).check();
    await page.getByLabel('Why').fill('Real card numbers.');
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('Rita decided: denied.').waitFor();
    const { body } = await reviewer.get(`${org.path}/escalations/${id}`);
    expect(body).toMatchObject({ status: 'resolved', resolution: 'denied', resolved_by: { name: 'Rita' } });
    expect(body.notes.map((note: { body: string }) => note.body)).toEqual(['Asked the team.', 'Real card numbers.']);
  });

  it('keeps what was typed when another was quicker', async () => {
    const id = await raise({ title: 'A race' });
    await page.goto(`${api.url}/escalations/${id}/review`);
    const other = await keyOf('review', 'Otto');
    await other.post(`${org.path}/escalations/${id}/claim`);
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByText('Otto has claimed it and decides.').waitFor();
    await expectAccessible(page);
  });

  it('shows hostile text as text, at any width', async () => {
    const id = await raise({
      ...{ title: hostile.slice(0, 300), reason: hostile, context: { '<b>': hostile } },
      ...{ gateway: { id: '<i>gw' }, actor: { name: '"><script>1' } },
    });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [`/escalations/${id}/review`, '/escalations']) {
      await page.goto(`${api.url}${path}`);
      expect(await page.title()).not.toBe('owned');
      expect(await page.locator('main script, main img').count()).toBe(0);
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect(isTooWide).toBe(false);
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 1440, height: 1200 });
  });

  it('offers no decision to a key that may not decide, and refuses one', async () => {
    const id = await raise({ title: 'Not for readers' });
    const reader = await keyOf('read', 'Reader');
    await signIn(reader.key);
    await page.goto(`${api.url}/escalations/${id}/review`);
    await page.getByRole('heading', { name: 'Not for readers' }).waitFor();
    expect(await page.getByRole('button', { name: 'Claim' }).count()).toBe(0);
  });
});
