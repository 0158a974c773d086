import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { makeOrg } from '../support/factories.js';
import { expectAccessible } from './support/accessible.js';
import { adminKey, openProduct, type RunningApi, type Product } from '../support/product.js';

/** A machine without a browser gets one first. */
const installMs = 400_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  product = openProduct();
  api = await product.startApi();
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close()]);
});

/** A page with nothing of an earlier session, and what it asked of other origins. */
async function freshPage(): Promise<string[]> {
  await browser.context.clearCookies();
  page = await browser.context.newPage();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url)) elsewhere.push(request.url());
  });
  return elsewhere;
}

async function signIn(key: string, path = '/', person = ''): Promise<void> {
  await page.goto(`${api.url}${path}`);
  await page.getByLabel('API key').fill(key);
  if (person) await page.getByLabel('Your name or e-mail').fill(person);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function makeKey(orgPath: string, permissions: string[]): Promise<string> {
  const { body } = await api.admin.post(`${orgPath}/api-keys`, { name: 'A key', permissions });
  return body.key;
}

const reply = (path: string, init: RequestInit) => fetch(`${api.url}${path}`, { redirect: 'manual', ...init });

describe('the console', () => {
  it('asks who comes, leads an administrator to the first org, and shows a new key once', async () => {
    const elsewhere = await freshPage();
    await page.goto(`${api.url}/setup`);
    expect(new URL(page.url()).pathname).toBe('/login');
    await expectAccessible(page);
    await page.getByLabel('API key').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('not valid').waitFor();

    await page.getByLabel('API key').fill(adminKey);
    await page.getByLabel('Your name or e-mail').fill('ada@example.com');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Orgs', level: 1 }).waitFor();
    await expectAccessible(page);
    await page.getByLabel('Id').fill('Not a slug');
    await page.getByLabel('Name').fill('Acme <b>Corp</b>');
    await page.getByRole('button', { name: 'Create org' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Acme <b>Corp</b>');
    await expectAccessible(page);
    await page.getByLabel('Id').fill('acme');
    await page.getByRole('button', { name: 'Create org' }).click();

    await page.getByRole('heading', { name: 'Setup', level: 1 }).waitFor();
    await page.getByText('The org Acme <b>Corp</b> was created.').waitFor();
    await page.getByText('Tickets go to the mock').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Connect a tracker' }).click();
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    await page.goto(`${api.url}/setup`);

    await page.getByRole('main').getByRole('link', { name: 'API keys' }).click();
    await page.getByText('No keys yet').waitFor();
    await page.getByLabel('Name').fill('Reviewers');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('alert').getByText('permissions').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Reviewers');
    await page.getByRole('checkbox', { name: 'read', exact: false }).first().check();
    await page.getByRole('button', { name: 'Create key' }).click();
    const secret = await page.locator('[data-secret]').textContent();
    expect(secret).toMatch(/^dbk_\w+$/);
    await expectAccessible(page);
    expect((await reply('/api/v1/whoami', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200);
    await page.reload();
    expect(await page.locator('[data-secret]').count()).toBe(0);

    await page.getByText('End…').click();
    await page.getByText('Calls with Reviewers are refused within seconds').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'End the key' }).click();
    await page.getByText('The key has ended').waitFor();
    expect(elsewhere).toEqual([]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${api.url}/setup`);
    expect(new URL(page.url()).pathname).toBe('/login');
  });

  it('works by keyboard alone, and leads on to the page that was asked for', async () => {
    await freshPage();
    const org = await makeOrg(api.admin);
    const key = await makeKey(org.path, ['read']);
    await page.goto(`${api.url}/setup?from=mail`);
    // The cursor stands in the field for the key, a moment after the page is there.
    await page.locator('input[type=password]:focus').waitFor();
    await page.keyboard.type(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Setup', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe('?from=mail');
  });

  it('does not offer what a key may not do, and refuses it when it is asked for', async () => {
    await freshPage();
    const org = await makeOrg(api.admin);
    const key = await makeKey(org.path, ['read']);
    await signIn(key, '/setup');
    await page.getByRole('heading', { name: 'Setup', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    const answer = await page.goto(`${api.url}/settings/api-keys`);
    expect(answer?.status()).toBe(403);
    await page.getByRole('heading', { name: 'Not allowed' }).waitFor();
    await expectAccessible(page);
  });

  it('works without JavaScript', async () => {
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    const org = await makeOrg(api.admin);
    const key = await makeKey(org.path, ['configure']);
    await signIn(key, '/settings/api-keys');
    await page.getByLabel('Name').fill('A gateway');
    await page.getByRole('checkbox', { name: 'ingest' }).check();
    await page.getByRole('button', { name: 'Create key' }).click();
    expect(await page.locator('[data-secret]').textContent()).toMatch(/^dbk_/);
    await context.close();
  });
});

describe('a form', () => {
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

  async function session(): Promise<{ cookie: string; token: string; path: string }> {
    const org = await makeOrg(api.admin);
    const key = await makeKey(org.path, ['configure']);
    const signedIn = await reply('/login', {
      method: 'POST',
      headers: { ...urlencoded, origin: api.url },
      body: new URLSearchParams({ key, next: '//evil.test/' }),
    });
    expect(signedIn.status).toBe(303);
    expect(signedIn.headers.get('location')).toBe('/');
    const set = signedIn.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/HttpOnly; SameSite=Lax/);
    const cookie = set.split(';')[0] ?? '';
    const html = await (await reply('/settings/api-keys', { headers: { cookie } })).text();
    return { cookie, token: /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? '', path: org.path };
  }

  const makeKeyBy = (cookie: string, headers: Record<string, string>, token: string) =>
    reply('/settings/api-keys', {
      method: 'POST',
      headers: { ...urlencoded, cookie, ...headers },
      body: new URLSearchParams({ name: 'forged', permissions: 'read', _token: token }),
    });

  it('of another site changes nothing, nor one without its token or with another session’s', async () => {
    const { cookie, token, path } = await session();
    const other = await session();
    const refused = [
      await makeKeyBy(cookie, { origin: 'https://evil.test' }, token),
      await makeKeyBy(cookie, {}, token),
      await makeKeyBy(cookie, { origin: api.url, 'sec-fetch-site': 'cross-site' }, token),
      await makeKeyBy(cookie, { origin: api.url }, ''),
      await makeKeyBy(cookie, { origin: api.url }, other.token),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const names = (await api.admin.get(`${path}/api-keys`)).body.data.map(({ name }: { name: string }) => name);
    expect(names).not.toContain('forged');
    expect((await makeKeyBy(cookie, { origin: api.url }, token)).status).toBe(303);
  });

  it('is of no use with a cookie that was made up, on the API, or after its key has ended', async () => {
    const { cookie, path } = await session();
    const forged = `${cookie.slice(0, -2)}xx`;
    expect((await reply('/settings/api-keys', { headers: { cookie: forged } })).status).toBe(303);
    expect((await reply('/api/v1/whoami', { headers: { cookie } })).status).toBe(401);
    const [key] = (await api.admin.get(`${path}/api-keys`)).body.data;
    await api.admin.del(`${path}/api-keys/${key.id}`);
    expect((await reply('/settings/api-keys', { headers: { cookie } })).status).toBe(303);
  });

  it('is what every page leads to without a session, whether there is such a thing or not', async () => {
    const paths = ['/escalations/esc_1/review', '/escalations/%3Cscript%3E/review', '/setup', '/orgs', '/'];
    for (const path of paths) {
      const answer = await reply(path, {});
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
    }
  });

  it('comes with a policy that lets nothing of elsewhere in', async () => {
    const { cookie } = await session();
    const { headers } = await reply('/settings/api-keys', { headers: { cookie } });
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
