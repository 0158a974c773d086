import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { expectAccessible } from './support/accessible.js';
import { expectTexts } from './support/shown.js';
import { signInAt } from './support/sign-in.js';

const installMs = 400_000;
const hostile = `<script>document.title='owned'</script><img src=x onerror=alert(1)> \u202E${'long '.repeat(20)}`;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  product = openProduct();
  api = await product.startApi();
  page = await browser.context.newPage();
}, installMs);
afterAll(async () => {
  await Promise.all([browser.close(), product.close()]);
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

const signIn = (on: Page, key: string) => signInAt(on, { url: `${api.url}/settings/routing`, key, heading: 'Routing' });

const open = (path: string) => page.goto(`${api.url}/settings/routing${path}`);
const routing = async () => (await api.admin.get(`${org.path}/escalation-routing`)).body;
const policies = async () => (await api.admin.get(`${org.path}/escalation-policies`)).body.policies;
const names = async () => (await policies()).map(({ name }: { name: string }) => name);
const putPolicies = async (list: object[]) => {
  const put = await api.admin.put(`${org.path}/escalation-policies`, { policies: list });
  expect(put.status).toBe(200);
};

/** Presses Tab until this has the cursor, as somebody without a mouse does. */
async function tabTo(label: string, role: 'link' | 'button' | 'textbox' | 'combobox'): Promise<void> {
  const wanted = page.getByRole(role, { name: label, exact: true });
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
  }
  throw new Error(`Tab does not lead to ${label}.`);
}

const four = [
  { id: 'off', name: 'Off for now', enabled: false, match: {}, severity: 'low' },
  { id: 'very', name: 'Very risky', match: { risk: { $gte: 95 }, zone: { $exists: true } }, severity: 'critical' },
  { id: 'risky', name: 'Risky', match: { 'gateway.environment': 'production', risk: { $gt: 80 } }, severity: 'high' },
  { id: 'any', name: 'Blocked', match: { $or: [{ decision: 'blocked' }] }, severity: 'medium', kind: 'approval' },
];

describe('tickets and clocks', () => {
  it('are set, and what cannot be is said beside its field with the rest kept', async () => {
    const { body: connection } = await api.admin.post(`${org.path}/connections`, {
      ...{ provider: 'webhook', name: 'Ours', settings: { url: 'https://tracker.example/hook' } },
      secrets: { webhook_secret: 'a-secret-of-thirty-characters-x' },
    });
    await open('');
    await expectAccessible(page);
    await page.getByLabel('From severity').selectOption('medium');
    await page.getByLabel('Connection').selectOption({ label: 'Ours (webhook)' });
    await page.getByLabel('When it is resolved').selectOption('close');
    await page.getByLabel('critical: impact').fill('1');
    await page.getByLabel('critical: urgency').fill('2');
    await page.getByLabel('critical: word').fill('Blocker');
    await page.getByLabel('high: word').fill('Highest');
    await page.getByLabel('critical: claim within').fill('soon');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Word takes a word, or impact and urgency, but not both').waitFor();
    await page.getByText('Claim within must be a whole number').waitFor();
    expect(await page.getByLabel('high: word').inputValue()).toBe('Highest');
    expect(await page.getByLabel('Connection').inputValue()).toBe(connection.id);
    expect((await routing()).on_resolve).toBe('comment');
    await expectAccessible(page);

    await page.getByLabel('critical: word').fill('');
    await page.getByLabel('critical: claim within').fill('15');
    await page.getByLabel('high: resolve within').fill('1440');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It applies to escalations that are raised from now on.').waitFor();
    expect(await routing()).toEqual({
      ticket: { enabled: true, min_severity: 'medium', connection_id: connection.id },
      severity_map: { critical: { impact: 1, urgency: 2 }, high: 'Highest' },
      on_resolve: 'close',
      sla: {
        critical: { acknowledge_minutes: 15, resolve_minutes: null },
        high: { acknowledge_minutes: null, resolve_minutes: 1440 },
      },
    });
    await page.getByRole('checkbox', { name: 'Open a ticket' }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await eventually(routing, ({ ticket }) => ticket.enabled === false);
  });

  it('that somebody else changed meanwhile are not overwritten unseen, and what was typed is kept', async () => {
    await open('');
    await page.getByLabel('high: word').fill('Mine');
    await api.admin.put(`${org.path}/escalation-routing`, { severity_map: { high: 'Theirs' } });
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    expect(answer.status()).toBe(412);
    await page.getByRole('alert').getByText('Somebody else changed the routing').waitFor();
    expect(await page.getByLabel('high: word').inputValue()).toBe('Mine');
    const row = page.getByRole('region', { name: 'What differs' }).getByRole('row', { name: 'high: word' });
    await expectTexts(row.getByRole('cell'), ['Theirs', 'Mine']);
    expect((await routing()).severity_map).toEqual({ high: 'Theirs' });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await routing()).severity_map).toEqual({ high: 'Mine' });
  });
});

describe('policies', () => {
  it('are added, and what cannot be is said beside its field with the rest kept', async () => {
    await open('/policies');
    await page.getByText('No event is escalated yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Add policy' }).click();
    await expectAccessible(page);
    await page.getByLabel('Name').fill('Risky');
    const match = page.getByRole('textbox', { name: 'Match' });
    await match.fill('{ "risk": 1,\n  oops');
    await page.getByRole('button', { name: 'Add policy' }).click();
    await page.locator('p.error').getByText('Match is not JSON: look at line 2, column 3').waitFor();
    await match.fill('{ "risk": { "$regex": "." }, "$or": [{ "a": 1 }, { "b": { "$gt": {} } }] }');
    await page.getByRole('button', { name: 'Add policy' }).click();
    await page.locator('p.error').getByText('Match › risk › $regex is not an operator that a match may use').waitFor();
    await page.locator('p.error').getByText('Match › $or › no. 2 › b › $gt must be a text, a number').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Risky');
    await expectAccessible(page);
    expect(await policies()).toEqual([]);

    await match.fill('{ "risk": { "$gte": 80 } }');
    await page.getByRole('button', { name: 'Add policy' }).click();
    await page.getByText('Risky was saved.').waitFor();
    await page.getByRole('link', { name: 'Add policy' }).click();
    await page.getByLabel('Name').fill('Everything');
    await match.fill('{}');
    await page.getByLabel('Severity').selectOption('low');
    await page.getByLabel('Kind').selectOption('approval');
    await page.getByLabel('Place').fill('1');
    await page.getByRole('button', { name: 'Add policy' }).click();
    await page.getByText('Everything was saved.').waitFor();
    expect(await policies()).toMatchObject([
      { name: 'Everything', kind: 'approval', severity: 'low' },
      { name: 'Risky' },
    ]);
    await expectAccessible(page);
  });

  it('are put in order, turned off, raise escalations, are changed and removed', async () => {
    await putPolicies([
      { name: 'Everything', match: {}, severity: 'low' },
      { name: 'Risky', match: { risk: { $gte: 80 } }, severity: 'high' },
    ]);
    await open('/policies');
    await page.getByRole('button', { name: 'Move up: Risky' }).click();
    await page.getByText('Risky is number 1 now.').waitFor({ state: 'attached' });
    expect(await names()).toEqual(['Risky', 'Everything']);
    await page.locator('[aria-label="Move up: Risky"]:focus').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Turn off: Everything' }).click();
    await page.getByRole('button', { name: 'Turn on: Everything' }).waitFor();
    await expectAccessible(page);
    const event = { type: 'event.created', data: { risk: 90 } };
    await api.admin.post(`${org.path}/events`, event);
    const escalations = async () => (await api.admin.get(`${org.path}/escalations`)).body.data;
    const [raised] = await eventually(escalations, ({ length }) => length > 0);
    expect(raised).toMatchObject({ title: 'Risky', severity: 'high' });

    await page.getByRole('link', { name: 'Everything' }).click();
    await page.getByLabel('Title').fill('Look at it');
    await page.getByRole('checkbox', { name: 'On', exact: true }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything was saved.').waitFor();
    expect((await policies())[1]).toMatchObject({ title: 'Look at it', enabled: true, match: {} });
    await page.getByRole('link', { name: 'Everything' }).click();
    await page.getByText('Remove…').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove the policy' }).click();
    await page.getByText('Everything was removed.').waitFor();
    expect(await names()).toEqual(['Risky']);
  });

  it('that somebody else changed or removed meanwhile are not overwritten unseen', async () => {
    await putPolicies(four);
    await open('/policies/risky');
    await page.getByLabel('Title').fill('Typed');
    await putPolicies(four.map((policy) => ({ ...policy, title: 'Theirs' })));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody else changed the policies').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Typed');
    const row = page.getByRole('row', { name: 'Title' });
    await expectTexts(row.getByRole('cell'), ['Theirs', 'Typed']);
    await expectAccessible(page);
    await putPolicies(four.filter(({ id }) => id !== 'risky'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody else removed this policy').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Typed');
    await page.getByRole('button', { name: 'Add policy' }).click();
    await page.getByText('Risky was saved.').waitFor();
    expect((await policies()).find(({ name }: { name: string }) => name === 'Risky').title).toBe('Typed');

    await putPolicies(four.toReversed());
    await page.getByRole('button', { name: 'Move up: Very risky' }).click();
    await page.getByRole('alert').getByText('Somebody else changed the policies').waitFor();
    expect(await names()).toEqual(['Blocked', 'Risky', 'Very risky', 'Off for now']);
    await page.getByRole('button', { name: 'Move up: Very risky' }).click();
    await page.getByText('Very risky is number 2 now.').waitFor({ state: 'attached' });
  });

  it('are added and put in order by keyboard alone', async () => {
    await putPolicies(four);
    await open('/policies');
    await tabTo('Add policy', 'link');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Add a policy' }).waitFor();
    await tabTo('Name', 'textbox');
    await page.keyboard.type('By hand');
    await tabTo('Severity', 'combobox');
    await page.keyboard.type('critical');
    await tabTo('Add policy', 'button');
    await page.keyboard.press('Enter');
    await page.getByText('By hand was saved.').waitFor();
    expect((await policies())[4]).toMatchObject({ name: 'By hand', severity: 'critical' });
    await tabTo('Move up: By hand', 'button');
    for (const place of [4, 3]) {
      await page.keyboard.press('Enter');
      await page.getByText(`By hand is number ${place} now.`).waitFor({ state: 'attached' });
    }
    expect((await names())[2]).toBe('By hand');
  });

  it('show hostile names as text at any width, and a hundred of them in less than 100 KB', async () => {
    const name = hostile.slice(0, 200);
    const many = Array.from({ length: 99 }, (_, index) => ({ ...four[1], id: `p${index}`, name: `Policy ${index}` }));
    await putPolicies([...many, { id: 'evil', name, title: name, match: { '<b>': { $ne: name } }, severity: 'low' }]);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/policies', '/policies/evil', '/try']) {
      const answer = await open(path);
      expect((await answer?.body())?.length).toBeLessThan(100_000);
      if (path === '/try') {
        await page.getByRole('textbox', { name: 'Data' }).fill(JSON.stringify({ zone: name, '<b>': 1, actor: name }));
        await page.getByRole('button', { name: 'Try it' }).click();
        await page.getByText('It raises an escalation').waitFor();
      }
      expect(await page.title()).not.toBe('owned');
      expect(await page.locator('main script, main img').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      await expectAccessible(page);
    }
  });
});

describe('a try', () => {
  const data = { risk: 92, decision: 'blocked', gateway: { id: 'gw-9', environment: 'production' }, actor: 'Ada' };

  beforeEach(async () => {
    await putPolicies(four);
    await api.admin.put(`${org.path}/escalation-routing`, {
      ...{ ticket: { min_severity: 'high' }, severity_map: { high: 'Highest' } },
      sla: { high: { acknowledge_minutes: 30, resolve_minutes: 300 } },
    });
    const slack = { type: 'slack', url: 'https://hooks.example/T0/B0/x' };
    await api.admin.put(`${org.path}/approvals`, {
      channels: [
        { ...slack, name: 'For all', on: ['created', 'resolved'] },
        { ...slack, name: 'For the worst', on: ['created'], min_severity: 'critical' },
      ],
    });
  });

  it('says which policy matches and why others do not, what that raises, and who is told, and changes nothing', async () => {
    await open('/try');
    await expectAccessible(page);
    expect(await page.getByRole('textbox', { name: 'Data' }).inputValue()).toContain('"risk"');
    await page.getByRole('textbox', { name: 'Data' }).fill(JSON.stringify(data));
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('It raises an escalation').waitFor();
    const facts = (await page.locator('dl.facts').innerText()).replaceAll(/\s+/g, ' ');
    expect(facts).toContain('Title Risky');
    expect(facts).toContain('Highest in the tracker');
    expect(facts).toMatch(/Claim (29|30) min left Resolve 5 h left/);
    expect(facts).toContain('Gateway gw-9 · production Actor Ada');
    expect(facts).toContain('opened by the deployment’s mock');
    expect(facts).toContain('For all slack, when created, resolved');
    expect(facts).not.toContain('For the worst');
    const input = (await page.locator('ol.trials > li').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(input).toEqual([
      'Off for now ○ off it would match',
      'Very risky ○ no match risk must be 95 or more; it is 92 zone must be present; it is missing',
      'Risky ● raises it',
      'Blocked ◐ matches, after another',
    ]);
    await expectAccessible(page);

    await page.getByRole('textbox', { name: 'Data' }).fill('{ "decision": "blocked" }');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('none: tickets are opened from high').waitFor();
    await page.getByRole('textbox', { name: 'Data' }).fill('[1]');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('alert').getByText('must be an object').waitFor();
    expect((await api.admin.get(`${org.path}/escalations`)).body.data).toEqual([]);
    expect((await api.admin.get(`${org.path}/escalation-policies`)).headers.get('etag')).toBe('"1"');
  });

  it('begins with the newest event.created, and a reader may make it', async () => {
    for (const [type, risk] of [
      ['event.created', 3],
      ['event.created', 4711],
      ['config.deployed', 5],
    ]) {
      await api.admin.post(`${org.path}/events`, { type, data: { risk, $where: { 'a.b': 1 } } });
    }
    await signIn(page, await keyOf('read'));
    await open('/try');
    expect(JSON.parse(await page.getByRole('textbox', { name: 'Data' }).inputValue())).toMatchObject({ risk: 4711 });
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('It raises nothing').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Use a sample instead' }).click();
    await page.waitForURL(/sample/);
    expect(await page.getByRole('textbox', { name: 'Data' }).inputValue()).not.toContain('4711');
  });
});

describe('all of it', () => {
  it('works without JavaScript', async () => {
    const context = await browser.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await putPolicies(four);
    await signIn(plain, await keyOf('configure'));
    await plain.getByLabel('low: word').fill('Minor');
    await plain.getByRole('button', { name: 'Save' }).click();
    await plain.getByText('Saved.').waitFor();
    expect((await routing()).severity_map).toEqual({ low: 'Minor' });
    await plain.getByRole('link', { name: 'Policies' }).click();
    await plain.getByRole('button', { name: 'Move down: Off for now' }).click();
    await plain.getByText('Off for now is number 2 now.').waitFor();
    await plain.getByRole('button', { name: 'Turn on: Off for now' }).click();
    await plain.getByText('Off for now is on.').waitFor();
    expect((await policies())[1]).toMatchObject({ id: 'off', enabled: true });
    await plain.getByRole('link', { name: 'Try it' }).click();
    await plain.getByRole('textbox', { name: 'Data' }).fill('{ "a": 1 ');
    await plain.getByRole('button', { name: 'Try it' }).click();
    await plain.getByText(/Data of an event.created is not JSON/).waitFor();
    await plain.getByRole('textbox', { name: 'Data' }).fill('{ "a": 1 }');
    await plain.getByRole('button', { name: 'Try it' }).click();
    await plain.getByText('It raises an escalation').waitFor();
    await plain.goto(`${api.url}/settings/routing/policies/off`);
    await plain.getByText('Remove…').click();
    await plain.getByRole('button', { name: 'Remove the policy' }).click();
    await plain.getByText('Off for now was removed.').waitFor();
    expect((await names()).length).toBe(3);
    await context.close();
  });

  it('shows a reader everything and no button, and refuses what it asks for', async () => {
    await putPolicies(four);
    await signIn(page, await keyOf('read'));
    for (const path of ['', '/policies', '/policies/risky']) {
      await open(path);
      expect(await page.locator('main button:visible:not([data-copy])').count()).toBe(0);
      await expectAccessible(page);
    }
    await page.getByText('"gateway.environment": "production"').waitFor();
    expect((await open('/new-policy'))?.status()).toBe(403);
    await open('/try');
    const form = await formOf();
    for (const path of ['', '/order', '/policies', '/policies/risky', '/policies/risky/remove']) {
      expect((await post(path, form)).status).toBe(403);
    }
    expect(await names()).toEqual(four.map(({ name }) => name));
  });

  it('is not changed by a form of another site, without its token, or without its version', async () => {
    await putPolicies(four);
    await open('/policies');
    const form = await formOf();
    const refused = [
      await post('/policies/risky/remove', form, { origin: 'https://evil.test' }),
      await post('/policies/risky/remove', { ...form, token: '' }),
      await post('/order', { ...form, token: '' }),
      await post('', { ...form, token: 'x' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await post('/policies/risky/remove', { ...form, etag: '' })).status).toBe(412);
    expect(await names()).toEqual(four.map(({ name }) => name));
    expect((await post('/policies/risky/remove', form)).status).toBe(303);
  });

  interface Sent {
    cookie: string;
    token: string;
    etag: string;
  }

  /** What a form of the open page would send. */
  async function formOf(): Promise<Sent> {
    const cookies = await browser.context.cookies();
    const valueOf = (name: string) => page.locator(`main input[name="${name}"]`).first();
    const etag = (await valueOf('etag').count()) > 0 ? await valueOf('etag').inputValue() : '';
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    return { cookie, token: await valueOf('_token').inputValue(), etag };
  }

  const post = (path: string, { cookie, token, etag }: Sent, headers: Record<string, string> = { origin: api.url }) =>
    fetch(`${api.url}/settings/routing${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
      body: new URLSearchParams({ _token: token, etag, act: 'off:risky' }),
    });
});
