import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { FakePagerDuty, routingKey } from '../support/fake-pagerduty.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { FakeSlack } from '../support/fake-slack.js';
import { FakeTeams } from '../support/fake-teams.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { expectTexts } from './support/shown.js';
import { signInAt } from './support/sign-in.js';

const installMs = 400_000;
const hostile = `<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202E<!channel>`;
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const slack = new FakeSlack();
const teams = new FakeTeams();
const pager = new FakePagerDuty();
const receiver = new FakeReceiver(Buffer.alloc(32, 9), secret);
const services = [slack, teams, pager, receiver];

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
let page: Page;
/** Every page that a test was shown, as it came. */
const shown: string[] = [];
beforeAll(async () => {
  browser = await openBrowser();
  await Promise.all(services.map((service) => service.up()));
  product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8', PAGERDUTY_EVENTS_URL: pager.endpoint } });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  page = await browser.context.newPage();
  page.on('response', (response) => {
    if (response.headers()['content-type']?.startsWith('text/html')) {
      response.text().then(
        (text) => shown.push(text),
        () => undefined,
      );
    }
  });
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), ...services.map((service) => service.close())]);
});

/** Each test has an org of its own, and a key that may configure it. */
beforeEach(async () => {
  org = await makeOrg(api.admin);
  await page.setViewportSize({ width: 1440, height: 1000 });
  await signIn(page, await keyOf('configure'));
});

async function keyOf(permission: string): Promise<string> {
  const { body } = await api.admin.post(`${org.path}/api-keys`, { name: 'Cora', permissions: [permission] });
  return body.key;
}

const signIn = (on: Page, key: string) =>
  signInAt(on, { url: `${api.url}/approvals/configure`, key, heading: 'Approvals' });

const open = (path: string) => page.goto(`${api.url}/approvals/configure${path}`);
const channels = async () => (await api.admin.get(`${org.path}/approvals`)).body.channels;

async function put(list: object[]): Promise<{ id: string }[]> {
  const { status, body } = await api.admin.put(`${org.path}/approvals`, { channels: list });
  expect(status).toBe(200);
  return body.channels;
}

const slackChannel = (more: object = {}) => ({
  type: 'slack',
  name: 'Security',
  url: slack.url,
  on: ['created'],
  ...more,
});

/** Sends a test, and gives what the page says of it. */
async function test(on: Page = page): Promise<string> {
  await on.getByRole('button', { name: 'Send test' }).click();
  await on.locator('#answer .outcome').waitFor();
  // Without JavaScript the answer is a new page, whose end may not be parsed yet.
  await on.waitForLoadState();
  return (await on.locator('#answer').innerText()).replaceAll(/\s+/g, ' ');
}

describe('a channel', () => {
  it('is added and tried, and what cannot be is said beside its field, with all but secrets kept', async () => {
    await page.getByText('Nobody is notified yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Add channel' }).click();
    await page.getByText('An incident that follows the escalation').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Slack' }).click();
    await page.getByText('https://hooks.slack.com/services/').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Name').fill('Security');
    await page.getByLabel('URL').fill('ftp://canary-typed-url/secret');
    await page.getByLabel('From severity').selectOption('medium');
    await page.getByLabel('a deadline passes').uncheck();
    await page.getByLabel('an escalation is raised').uncheck();
    await page.getByRole('button', { name: 'Add channel' }).click();
    await page.locator('p.error').getByText('URL must be an http or https URL').waitFor();
    await page
      .locator('p.error')
      .getByText(/^When /)
      .waitFor();
    await page.getByText('Type it once more: it is never shown.').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Security');
    expect(await page.getByLabel('From severity').inputValue()).toBe('medium');
    expect(await page.getByLabel('URL').inputValue()).toBe('');
    await expectAccessible(page);
    expect(await channels()).toEqual([]);

    await page.getByLabel('URL').fill(slack.url);
    await page.getByLabel('an escalation is raised').check();
    await page.getByRole('button', { name: 'Add channel' }).click();
    await page.getByText('Security was added. Send a test to check it.').waitFor();
    expect(await test()).toMatch(/^● accepted HTTP 200 \d+ s ago The channel took the test notification\.$/);
    expect(slack.messages.at(-1)?.text).toBe('Test notification from Drawbridge');
    await expectAccessible(page);
  });

  it('is told of an escalation, changed, tried while it is off, and removed', async () => {
    const [first] = await put([slackChannel()]);
    const raised = { severity: 'high', title: 'Told by the console’s channel' };
    expect((await api.admin.post(`${org.path}/escalations`, raised)).status).toBe(201);
    const slackTexts = () => Promise.resolve(slack.messages.map(({ shown: texts }) => texts.join()));
    await eventually(slackTexts, (texts) => texts.some((text) => text.includes(raised.title)));

    await open(`/${first?.id}`);
    await page.getByLabel('Name').fill('SOC');
    await page.getByLabel('From severity').selectOption('critical');
    await page.getByLabel('it is resolved').check();
    await page.getByRole('checkbox', { name: 'On', exact: true }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await channels()).toMatchObject([
      { name: 'SOC', min_severity: 'critical', on: ['created', 'resolved'], enabled: false, secrets: { url: true } },
    ]);
    expect(await test()).toContain('accepted HTTP 200');
    await open('');
    const row = page.getByRole('row', { name: 'SOC' });
    const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    expect(cells).toEqual(['○ off', 'SOC', 'Slack', new URL(slack.url).host, 'critical', 'created, resolved']);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'SOC' }).click();
    await page.getByText('Remove…').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove the channel' }).click();
    await page.getByText('The channel was removed.').waitFor();
    expect(await channels()).toEqual([]);
  });

  it('of each other type is added and tried', async () => {
    const add = async (type: string, field: string, value: string) => {
      await open(`/new?type=${type}`);
      await expectAccessible(page);
      await page.getByLabel('Name').fill(`A ${type}`);
      await page.getByLabel(field).fill(value);
      if (type === 'webhook') await page.getByLabel('Secret').fill(secret);
      await page.getByRole('button', { name: 'Add channel' }).click();
      await page.getByText(`A ${type} was added.`).waitFor();
      return test();
    };
    expect(await add('teams', 'URL', teams.url)).toContain('accepted HTTP 202');
    expect(await add('pagerduty', 'Integration key', routingKey)).toContain('accepted HTTP 202');
    expect(await add('webhook', 'URL', receiver.url)).toContain('accepted HTTP 204');
    expect(teams.cards.at(-1)?.shown[0]).toBe('Test notification from Drawbridge');
    expect(pager.incidents.at(-1)).toMatchObject({ state: 'resolved' });
    expect(receiver.messages.at(-1)).toMatchObject({ type: 'notification.test', orgId: org.id });
    expect(receiver.faults).toEqual([]);
  });

  it('of a webhook asks for its secret again when its URL changes, and goes unsigned when that is forgotten', async () => {
    const [{ id }] = (await put([{ type: 'webhook', name: 'Ours', url: receiver.url, secret, on: ['created'] }])) as [
      { id: string },
    ];
    await open(`/${id}`);
    await page.getByLabel('URL').fill(`${receiver.url}?moved`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('p.error').getByText('Secret must be sent again when url changes').waitFor();
    await expectAccessible(page);
    await page.getByLabel('URL').fill(`${receiver.url}?moved`);
    await page.getByRole('textbox', { name: 'Secret' }).fill(secret);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await test()).toContain('accepted HTTP 204');
    expect(receiver.requests.at(-1)?.path).toMatch(/\?moved$/);
    await page.getByLabel('Forget the secret').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await channels()).toMatchObject([{ secrets: { url: true, secret: false } }]);
    expect(await test()).toContain('not accepted HTTP 401');
  });

  it('that answers with something hostile is told of in our words, and its name is text', async () => {
    const [{ id }] = (await put([slackChannel({ name: hostile })])) as [{ id: string }];
    slack.misbehave({ kind: 'status', status: 403, body: hostile });
    await open(`/${id}`);
    expect(await test()).toMatch(/not accepted HTTP 403 .* Slack refused with HTTP 403/);
    slack.misbehave({ kind: 'html' });
    await open(`/${id}`);
    expect(await test()).toMatch(/not accepted HTTP 200 .* answered with a web page/);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['', `/${id}`]) {
      await open(path);
      expect(await page.title()).not.toBe('owned');
      expect(await page.locator('main script, main img').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      await expectAccessible(page);
    }
  });

  it('is tried ten times a minute, and the page says when that is over', async () => {
    const [{ id }] = (await put([slackChannel()])) as [{ id: string }];
    for (let time = 0; time < 10; time++) await api.admin.post(`${org.path}/approvals/${id}/test`);
    await open(`/${id}`);
    expect(await test()).toMatch(/^■ not accepted .* A channel takes 10 tests a minute\.$/);
  });

  it('that somebody else changed or removed meanwhile is not overwritten unseen, and what was typed is kept', async () => {
    const [first] = await put([slackChannel()]);
    await open(`/${first?.id}`);
    await page.getByLabel('Name').fill('Mine');
    await put([{ ...slackChannel({ name: 'Theirs' }), id: first?.id }]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody else changed the channels').waitFor();
    const row = page.getByRole('row', { name: 'Name' });
    await expectTexts(row.getByRole('cell'), ['Theirs', 'Mine']);
    expect(await page.getByLabel('Name').inputValue()).toBe('Mine');
    await expectAccessible(page);
    await put([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody else removed this channel').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Mine');
    await page.getByLabel('URL').fill(slack.url);
    await page.getByRole('button', { name: 'Add channel' }).click();
    await page.getByText('Mine was added.').waitFor();
    await put([]);
    await page.getByText('Remove…').click();
    await page.getByRole('button', { name: 'Remove the channel' }).click();
    await page.getByRole('alert').getByText('Somebody else changed the channels').waitFor();
  });
});

describe('all of it', () => {
  it('works by keyboard alone', async () => {
    const tabTo = async (role: 'link' | 'button' | 'textbox', name: string) => {
      const wanted = page.getByRole(role, { name, exact: true });
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      }
      throw new Error(`Tab does not lead to ${name}.`);
    };
    await tabTo('link', 'Add channel');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add a channel' }).waitFor();
    await tabTo('link', 'Slack');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add a Slack channel' }).waitFor();
    await tabTo('textbox', 'Name');
    await page.keyboard.type('By hand');
    await page.keyboard.press('Tab');
    await page.keyboard.type(slack.url);
    await page.keyboard.press('Enter');
    await page.getByText('By hand was added.').waitFor();
    await tabTo('button', 'Send test');
    await page.keyboard.press('Enter');
    await page.getByText('The channel took the test notification.').waitFor();
  });

  it('works without JavaScript', async () => {
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, await keyOf('configure'));
    await plain.getByRole('link', { name: 'Add channel' }).click();
    await plain.getByRole('link', { name: 'Slack' }).click();
    await plain.getByLabel('Name').fill('Plain');
    await plain.getByLabel('URL').fill(slack.url);
    await plain.getByRole('button', { name: 'Add channel' }).click();
    await plain.getByText('Plain was added.').waitFor();
    expect(await test(plain)).toContain('accepted HTTP 200');
    await plain.getByLabel('Name').fill('Plainer');
    await plain.getByRole('button', { name: 'Save' }).click();
    await plain.getByRole('status').getByText('Saved.').waitFor();
    await plain.getByText('Remove…').click();
    await plain.getByRole('button', { name: 'Remove the channel' }).click();
    await plain.getByText('The channel was removed.').waitFor();
    expect(await channels()).toEqual([]);
    await context.close();
  });

  it('shows a reader everything but buttons and secrets, and refuses what it asks for', async () => {
    const [first] = await put([slackChannel()]);
    await signIn(page, await keyOf('read'));
    for (const path of ['', `/${first?.id}`]) {
      await open(path);
      await page.getByText(new URL(slack.url).host).waitFor();
      expect(await page.locator('main button:visible:not([data-copy])').count()).toBe(0);
      await expectAccessible(page);
    }
    expect((await open('/new'))?.status()).toBe(403);
    const token = await page.locator('.nav input[name="_token"]').first().inputValue();
    const before = slack.requests.length;
    for (const path of ['', `/${first?.id}`, `/${first?.id}/test`, `/${first?.id}/remove`]) {
      expect((await post(path, { _token: token, etag: '"1"', type: 'slack' })).status).toBe(403);
    }
    expect(slack.requests.length).toBe(before);
    expect(await channels()).toHaveLength(1);
  });

  it('is not changed by a form of another site, without its token, or without its version', async () => {
    const [first] = await put([slackChannel()]);
    await open(`/${first?.id}`);
    const token = await page.locator('main input[name="_token"]').first().inputValue();
    const remove = `/${first?.id}/remove`;
    const refused = [
      await post(remove, { _token: token, etag: '"1"' }, { origin: 'https://evil.test' }),
      await post(remove, { _token: '', etag: '"1"' }),
      await post(`/${first?.id}/test`, { _token: 'x' }),
      await post(remove, { _token: token, etag: '' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 412]);
    expect(await channels()).toHaveLength(1);
    expect((await post(remove, { _token: token, etag: '"1"' })).status).toBe(303);
  });

  it('has shown no secret on any page', () => {
    expect(shown.length).toBeGreaterThan(50);
    const secrets = ['canary', secret, routingKey, encodeURIComponent(slack.url)];
    for (const one of secrets) expect(shown.filter((html) => html.includes(one))).toEqual([]);
  });

  async function post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = { origin: api.url },
  ) {
    const cookies = await browser.context.cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    return fetch(`${api.url}/approvals/configure${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
      body: new URLSearchParams(form),
    });
  }
});
