import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeJira, type FakeJira } from '../support/fake-jira.js';
import { startFakeServiceNow, type FakeServiceNow } from '../support/fake-servicenow.js';
import { openProduct, publicUrl, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { rowOf } from './support/shown.js';
import { signInAt } from './support/sign-in.js';

const installMs = 400_000;
const hostile = `<img src=x onerror=alert(1)>\u202E"'><script>document.title='owned'</script>`;
const path = '/settings/connections';

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let jira: FakeJira;
let serviceNow: FakeServiceNow;
let org: { id: string; path: string };
let page: Page;
let apiToken: string;
/** What no page may hold. */
const secrets: string[] = [];

beforeAll(async () => {
  [browser, jira, serviceNow] = await Promise.all([openBrowser(), startFakeJira(), startFakeServiceNow()]);
  product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  ({ apiToken } = jira.credentials);
  secrets.push(apiToken);
  org = await makeOrg(api.admin);
  page = await browser.context.newPage();
  await signIn(page, await keyOf('configure'));
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close()]);
  await Promise.all([jira.close(), serviceNow.close()]);
});

async function keyOf(permission: string): Promise<string> {
  const { body } = await api.admin.post(`${org.path}/api-keys`, { name: permission, permissions: [permission] });
  return body.key;
}

const signIn = (on: Page, key: string) => signInAt(on, { url: `${api.url}${path}`, key, heading: 'Connections' });

const stored = async (): Promise<{ id: string; name: string }[]> =>
  (await api.admin.get(`${org.path}/connections`)).body.data;

async function makeJira(more: object = {}): Promise<string> {
  const { status, body } = await api.admin.post(`${org.path}/connections`, {
    ...{ provider: 'jira', name: 'Made by a call', secrets: { api_token: apiToken } },
    settings: { base_url: jira.url, email: jira.credentials.email, project_key: 'SEC' },
    ...more,
  });
  expect(status).toBe(201);
  return body.id;
}

async function expectNoSecret(on: Page): Promise<void> {
  const html = await on.content();
  for (const secret of secrets) expect(html).not.toContain(secret);
}

const open = (id: string) => page.goto(`${api.url}${path}/${id}`);
const health = () => page.getByRole('region', { name: 'Health' });

describe('the connections', () => {
  it('go from none to a Jira that is the default, its checks and its webhook secret shown once', async () => {
    await page.getByText('No connections yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'New connection' }).click();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Jira', exact: true }).click();
    await expectAccessible(page);

    await page.getByLabel('Name', { exact: true }).fill('Acme Jira');
    await page.getByLabel('Site').fill(jira.url.replace('http://', 'http://user:pass@'));
    await page.getByLabel('API token').fill(apiToken);
    await page.getByLabel('Status map').fill('Done = accepted\nIn Review: nonsense');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText('Site must be an http or https URL').waitFor();
    await page.getByText('Status map In Review must be one of').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Acme Jira');
    expect(await page.getByLabel('API token').inputValue()).toBe('');
    await expectNoSecret(page);
    await expectAccessible(page);
    expect(await stored()).toEqual([]);

    await page.getByLabel('Site').fill(`${jira.url}/`);
    await page.getByLabel('E-mail').fill(jira.credentials.email ?? '');
    await page.getByLabel('Project').fill('SEC');
    await page.getByLabel('Issue type').fill('Task');
    await page.getByLabel('API token').fill(apiToken);
    await page.getByLabel('critical').fill('Highest');
    await page.getByLabel('Status map').fill('Done = accepted\r\nIn Review: submitted\n\n__proto__ = closed');
    await page.getByLabel('Field map').fill('{"labels": ["bridge"]}');
    await page.getByLabel('Default connection').check();
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByRole('heading', { name: 'Acme Jira', level: 1 }).waitFor();
    await page.getByText('It was saved. The connection was tested: nothing is missing.').waitFor();
    await expect.poll(() => page.locator('.flash .found li').count()).toBeGreaterThanOrEqual(4);
    const secret = (await page.locator('[data-secret]').textContent()) ?? '';
    expect(secret).toMatch(/^[\w-]{43}$/);
    secrets.push(secret);
    await expectAccessible(page);
    await page.reload();
    await expectNoSecret(page);
    expect(await page.locator('.flash').count()).toBe(0);
    await expectAccessible(page);

    const [made] = await stored();
    expect(made).toMatchObject({
      ...{ name: 'Acme Jira', provider: 'jira', default: true, severity_map: { critical: 'Highest' } },
      settings: { base_url: jira.url, project_key: 'SEC', issue_type: 'Task', poll_interval_seconds: 300 },
      field_map: { labels: ['bridge'] },
    });
    expect(JSON.stringify((made as unknown as { status_map: object }).status_map)).toBe(
      '{"Done":"accepted","In Review":"submitted","__proto__":"closed"}',
    );
    expect(await page.getByRole('region', { name: 'Webhook' }).locator('code').textContent()).toBe(
      `${publicUrl}/api/v1/webhooks/connections/${made?.id}`,
    );
  });

  it('are edited in place: what is not touched stays, and secrets are asked for when the address changes', async () => {
    const id = await makeJira({ name: 'To edit', status_map: { ' Odd name ': 'closed' }, field_map: { a: 1 } });
    await open(id);
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText('Nothing was changed.').waitFor();
    expect((await api.admin.get(`${org.path}/connections/${id}`)).body.status_map).toEqual({ ' Odd name ': 'closed' });

    await page.getByLabel('Poll interval').fill('60');
    await page.getByLabel('E-mail').fill('');
    await page.getByLabel('high').fill('High');
    await page.getByLabel('When a ticket is reopened in the tracker').selectOption('ignore');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText('It was saved. The connection was tested: tickets would fail.').waitFor();
    const { settings, severity_map } = (await api.admin.get(`${org.path}/connections/${id}`)).body;
    expect(settings).toEqual({
      ...{ base_url: jira.url, project_key: 'SEC', poll_interval_seconds: 60, on_reopen: 'ignore' },
    });
    expect(severity_map).toEqual({ high: 'High' });

    await page.getByLabel('Site').fill('https://other.example');
    await page.getByLabel('Name', { exact: true }).fill('Moved');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText('API token must be sent again when base_url changes').waitFor();
    expect(await page.getByLabel('API token').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Moved');
    await expectAccessible(page);
    expect((await api.admin.get(`${org.path}/connections/${id}`)).body).toMatchObject({ name: 'To edit' });
  });

  it('are tested in place, and say since when they are refused, why, and when the next call is tried', async () => {
    const id = await makeJira({ name: hostile });
    jira.misbehave({ kind: 'status', status: 401, body: { errorMessages: [hostile] } }, { times: 50 });
    await open(id);
    await page.evaluate("document.body.dataset.same = 'yes'");
    await health().getByRole('button', { name: 'Test' }).click();
    await health().getByText('Tested just now: tickets would fail.').waitFor();
    expect(await page.evaluate('document.body.dataset.same')).toBe('yes');
    await expectAccessible(page);

    // A ticket is refused: from then on the calls are held back.
    const request = await makeEvidenceRequest(api.admin, org.path);
    await api.admin.patch(`${org.path}/connections/${id}`, { default: true });
    await api.admin.post(`${request.path}/ticket`);
    await eventually(
      async () => {
        await open(id);
        return health().textContent();
      },
      (text) => text?.includes('the tracker does not accept the credentials') === true && text.includes('is tried'),
    );
    await health()
      .getByText(/onerror/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await page.goto(`${api.url}${path}`);
    // Other connections of this page use the same Jira: their polls may be refused as well.
    await rowOf(page, `${path}/${id}`)
      .getByText(/, next try/)
      .waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    await expectNoSecret(page);
    await expectAccessible(page);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 1200 });
      await open(id);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      await expectAccessible(page);
    }

    jira.behave();
    await health().getByRole('button', { name: 'Test' }).click();
    await health().getByText('Tested just now: nothing is missing.').waitFor();
    await health().getByText('Calls succeed.').waitFor();

    // Its ticket keeps it from being deleted.
    await page.reload();
    await page.getByText('It cannot be deleted while a ticket is linked through it.').waitFor();
  });

  it('are made the default, given another webhook secret, and deleted unless tickets are linked', async () => {
    const id = await makeJira({ name: 'Second', default: false });
    await open(id);
    await page.getByRole('button', { name: 'Make it the default' }).click();
    await page.getByText('New tickets go to Second from now on.').waitFor();
    expect((await stored()).find((one) => one.id === id)).toMatchObject({ default: true });

    await page.getByText('New webhook secret…').click();
    await page.getByRole('button', { name: 'Generate a new secret' }).click();
    const secret = (await page.locator('[data-secret]').textContent()) ?? '';
    expect(secret).toMatch(/^[\w-]{43}$/);
    secrets.push(secret);

    await page.getByText('Delete…').click();
    const request = await makeEvidenceRequest(api.admin, org.path);
    await api.admin.post(`${request.path}/ticket`);
    await page.getByRole('button', { name: 'Delete the connection' }).click();
    await page.getByRole('alert').getByText('Tickets are linked through this connection').waitFor();
    await expectAccessible(page);
    await api.admin.del(`${request.path}/ticket`);
    await eventually(
      async () => {
        await open(id);
        return page.getByText('Delete…').count();
      },
      (offered) => offered === 1,
    );
    await page.getByText('Delete…').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Delete the connection' }).click();
    await page.getByText('The connection Second was deleted.').waitFor();
    expect((await stored()).map((one) => one.id)).not.toContain(id);
    expect((await open(id))?.status()).toBe(404);
  });

  it('are made by keyboard alone', async () => {
    await page.goto(`${api.url}${path}/new/webhook`);
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Typed');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://tracker.example/hook');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Typed', level: 1 }).waitFor();
    await page.getByText('signed with the webhook secret').waitFor();
    await page.goto(`${api.url}${path}`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Typed', level: 1 }).waitFor();
  });

  it('have a guide for each provider', async () => {
    for (const [provider, label] of Object.entries({
      jira: 'project = SEC AND labels = drawbridge',
      servicenow: 'GlideCertificateEncryption',
      webhook: 'X-Signature',
    })) {
      await page.goto(`${api.url}${path}/guides/${provider}`);
      await page.getByText(label).first().waitFor();
      await expectAccessible(page);
    }
    expect((await page.goto(`${api.url}${path}/guides/mock`))?.status()).toBe(404);
    expect((await page.goto(`${api.url}${path}/new/mock`))?.status()).toBe(404);
  });

  it('work without JavaScript', async () => {
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, await keyOf('configure'));
    await plain.goto(`${api.url}${path}/new/servicenow`);
    await plain.getByLabel('Instance').fill(serviceNow.url);
    await plain.getByLabel('User name').fill('bridge');
    await plain.getByLabel('critical').fill('9');
    await plain.getByLabel('Password or token').fill('wrong-password');
    await plain.getByRole('button', { name: 'Save and test' }).click();
    await plain.getByText('critical must be like 1/2', { exact: true }).waitFor();
    await plain.getByLabel('critical').fill('1/2');
    await plain.getByLabel('Password or token').fill('wrong-password');
    await plain.getByRole('button', { name: 'Save and test' }).click();
    await plain.getByText('It was saved. The connection was tested: tickets would fail.').waitFor();
    const [made] = await stored();
    expect(made).toMatchObject({ name: 'ServiceNow', severity_map: { critical: { impact: 1, urgency: 2 } } });
    await plain.getByRole('button', { name: 'Test', exact: true }).click();
    await plain.getByRole('status').getByText('The connection was tested: tickets would fail.').waitFor();
    await plain.getByText('Delete…').click();
    await plain.getByRole('button', { name: 'Delete the connection' }).click();
    await plain.getByText('The connection ServiceNow was deleted.').waitFor();
    await context.close();
  });
});

describe('a key that may only read', () => {
  it('sees how connections are, is offered nothing, and is refused', async () => {
    const id = await makeJira({ name: 'To look at' });
    const context = await browser.browser.newContext();
    const reader = await context.newPage();
    await signIn(reader, await keyOf('read'));
    expect(await reader.getByRole('link', { name: 'New connection' }).count()).toBe(0);
    await reader.getByRole('link', { name: 'To look at' }).click();
    await reader.getByText(jira.url).waitFor();
    await expectAccessible(reader);
    await expectNoSecret(reader);
    const buttons = await reader.getByRole('main').getByRole('button').allTextContents();
    expect(buttons.filter((text) => text !== 'Copy')).toEqual([]);

    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const token = await reader.locator('input[name="_token"]').first().inputValue();
    const post = (to: string, headers: Record<string, string>, body: Record<string, string>) =>
      fetch(`${api.url}${path}${to}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(body),
      });
    const paths = ['/new/webhook', `/${id}`, `/${id}/test`, `/${id}/default`, `/${id}/webhook-secret`, `/${id}/delete`];
    for (const to of paths) {
      expect((await post(to, { origin: api.url }, { _token: token, name: 'Changed' })).status).toBe(403);
    }
    expect((await reader.goto(`${api.url}${path}/new`))?.status()).toBe(403);
    await context.close();
    expect((await stored()).map(({ name }) => name)).toContain('To look at');
  });

  it('is no other org’s: nothing of this org is there for it', async () => {
    const id = await makeJira({ name: 'Ours' });
    const other = await makeOrg(api.admin);
    const { body } = await api.admin.post(`${other.path}/api-keys`, { name: 'Other', permissions: ['configure'] });
    const context = await browser.browser.newContext();
    const stranger = await context.newPage();
    await signIn(stranger, body.key);
    await stranger.getByText('No connections yet').waitFor();
    expect((await stranger.goto(`${api.url}${path}/${id}`))?.status()).toBe(404);
    await context.close();
  });
});

describe('a forged form', () => {
  it('changes nothing', async () => {
    const id = await makeJira({ name: 'Not to be forged' });
    await open(id);
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const token = await page.locator('input[name="_token"]').first().inputValue();
    const forge = async (origin: string, _token: string) => {
      const { status } = await fetch(`${api.url}${path}/${id}/delete`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ _token }),
      });
      return status;
    };
    expect([await forge('https://evil.test', token), await forge(api.url, ''), await forge(api.url, 'x')]).toEqual([
      403, 403, 403,
    ]);
    expect((await stored()).map((one) => one.id)).toContain(id);
  });
});
