import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import { newHealth } from '../../src/webhooks/health/writes.js';
import { eventually } from '../support/eventually.js';
import { hostile, webhooksConsole } from './console-webhooks-harness.js';
import { expectAccessible } from './support/accessible.js';
import { expectCount } from './support/shown.js';

const on = webhooksConsole();

const untilIs = (id: string, status: string) =>
  eventually(
    () => on.deliveries(id),
    ([one]) => one?.status === status,
  );

/** A delivery whose two tries were in vain, and the secret it was signed with. */
async function failed(body: string = hostile) {
  const receiver = await on.receiver();
  receiver.misbehave({ kind: 'answer', status: 500, body }, 2);
  const made = await on.api.admin.post(`${on.org.path}/webhooks`, { url: receiver.url, events: ['event.created'] });
  const [id, secret] = [String(made.body.id), String(made.body.secret)];
  await on.publish('event.created', { text: hostile });
  const [delivery] = await untilIs(id, 'failed');
  return { receiver, id, secret, delivery: delivery?.id ?? '' };
}

describe('a delivery', () => {
  it('that failed shows each try, and the request as sent', async () => {
    const { page } = on;
    const { receiver, id, secret } = await failed();
    await on.open(`/${id}?status=failed`);
    await page.getByRole('link', { name: 'event.created' }).click();
    await page.getByText('Attempt 2').waitFor();
    await expectCount(page.locator('.timeline > li'), 2);
    expect(await page.locator('.timeline pre').first().textContent()).toContain(hostile.slice(0, 30));
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    await page.getByText('All attempts failed. It isn’t retried automatically any more.').waitFor();
    await expectAccessible(page);

    await page.getByText('verifies with the current secret').waitFor();
    expect(await page.content()).not.toContain(secret);
    const sent = receiver.requests.at(-1);
    const head = (await page.getByLabel('The request’s line and headers').textContent()) ?? '';
    // What is computed for the time of the last try is what the receiver got then.
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-keeptrusts-signature']) {
      expect(head).toContain(`${name}: ${String(sent?.headers[name])}\n`);
    }
    await page.getByRole('link', { name: 'As sent' }).click();
    const body = (await page.getByLabel('The body', { exact: true }).textContent()) ?? '';
    expect(body).toBe(sent?.rawBody.toString('utf8'));
    const headers = Object.fromEntries(head.split('\n').map((line) => line.split(/: (.*)/) as [string, string]));
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
    const signed = (await page.getByLabel('How to compute the signature').textContent()) ?? '';
    const prefix = /printf %s '(evt_\w+\.\d+\.)'/.exec(signed)?.[1] ?? '';
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(head).toContain(
      `v1,${createHmac('sha256', key)
        .update(prefix + body)
        .digest('base64')}`,
    );
    await expectAccessible(page);
  });

  it('that failed is sent again, and what comes of it comes into the page', async () => {
    const { page } = on;
    const { id, delivery } = await failed('no');
    await on.open(`/${id}/deliveries/${delivery}`);
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('It is being sent again.').waitFor();
    // It comes by itself: the page asks while something is about to happen.
    await page.getByText('Attempt 3').waitFor();
    await page.getByText('Received. It isn’t sent again').waitFor();
    await page.getByText('resent by hand').waitFor();
    expect((await on.deliveries(id)).find((one) => one.id === delivery)?.status).toBe('succeeded');
    await expectAccessible(page);
  });

  it('is given up while it is open, and can be found by its status in the address', async () => {
    const { page } = on;
    const receiver = await on.receiver();
    const id = await on.endpoint(receiver.url, { events: ['export.completed'], rate_limit_per_second: 1 });
    receiver.misbehave({ kind: 'hang' }, 5);
    for (let n = 0; n < 3; n++) await on.publish('export.completed', { n });
    const all = await eventually(
      () => on.deliveries(id),
      (found) => found.length === 3,
    );
    const waiting = all[0]?.id ?? '';
    await on.open(`/${id}/deliveries/${waiting}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. It isn’t sent automatically any more.').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await on.open(`/${id}?status=cancelled&event_type=export.completed&since=24h`);
    expect(await page.locator('tbody tr[data-href]').count()).toBe(1);
    await expectAccessible(page);
    await on.open(`/${id}?status=succeeded`);
    await page.getByText('Nothing matches').waitFor();
    await expectAccessible(page);
  });

  it('is reached by keyboard alone, from the list of endpoints to sending it again', async () => {
    const { page } = on;
    const { id, delivery } = await failed('no');
    await on.open('');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`${id}$`));
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(delivery));
    await page.getByRole('button', { name: 'Send again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Received. It isn’t sent again').waitFor();
  });

  it('that is parked says behind how many, and when its endpoint is probed', async () => {
    const { page } = on;
    const id = await on.endpoint('https://sick.example/hooks', { events: ['config.deployed'] });
    const health = (await on.database()).collection<HealthDoc>('webhook_health');
    const now = new Date();
    await health.insertOne({
      ...newHealth(id, on.org.id, now),
      ...{ breaker: 'open', failures_in_a_row: 12, failing_since: now, opened_at: now },
      next_probe_at: new Date(now.getTime() + 240_000),
    });
    // What a pump has not heard of yet it still tries.
    await eventually(
      async () => {
        await on.publish('config.deployed');
        return on.deliveries(id);
      },
      (all) => all.some(({ status }) => status === 'parked'),
    );
    const parked = (await on.deliveries(id)).filter(({ status }) => status === 'parked');
    await on.open('');
    const row = page.locator('tbody tr[data-href]', { hasText: 'sick.example' });
    await row.getByText('paused').waitFor();
    expect(await row.textContent()).toMatch(/\d+ parked, next probe in [34] min/);
    await expectAccessible(page);
    await on.open(`/${id}`);
    await page.getByText(/the oldest one is sent as a probe: next probe in [34] min/).waitFor();
    await page.getByRole('link', { name: 'Probes in the Temporal UI' }).waitFor();
    await expectAccessible(page);
    await on.open(`/${id}/deliveries/${parked[0]?.id}`);
    await page.getByText('when a probe succeeds').waitFor();
    await expectAccessible(page);
  });

  it('and its endpoint are worked with without JavaScript', async () => {
    const context = await on.browser.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await on.signIn(on.configurer, page);
    const receiver = await on.receiver();
    await page.getByRole('link', { name: 'New endpoint' }).click();
    await page.getByLabel('URL').fill(receiver.url);
    await page.getByRole('checkbox', { name: /^config\.deployed/ }).check();
    await page.getByRole('button', { name: 'Create endpoint' }).click();
    expect(await page.locator('[data-secret]').textContent()).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.locator('#test-answer').getByText('received').waitFor();
    await page.getByRole('link', { name: 'Details of the delivery' }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('The test was sent again.').waitFor();
    await expectCount(page.locator('.timeline > li'), 2);
    await context.close();
  });

  it('and its endpoint’s secret, what it missed and its end need no JavaScript', async () => {
    const context = await on.browser.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await on.signIn(on.configurer, page);
    const id = await on.endpoint('https://example.com/hooks', { events: ['budget.threshold_reached'] });
    await page.goto(`${on.api.url}/settings/webhooks/${id}`);
    await page.getByText('Rotate…').click();
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    expect(await page.locator('[data-secret]').textContent()).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'Recover' }).click();
    await page.getByText('There is nothing to send.').waitFor();
    await page.getByText('Delete…').click();
    await page.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByText('The endpoint was deleted.').waitFor();
    await context.close();
  });
});

describe('who may not configure', () => {
  it('sees everything, is offered nothing that changes it, and is refused', async () => {
    const { page } = on;
    const { id, delivery } = await failed('no');
    await on.signIn(await on.keyOf('read'));
    expect(await page.getByRole('link', { name: 'New endpoint' }).count()).toBe(0);
    const changing = page.locator('main form[method="post"]');
    for (const path of [`/${id}`, `/${id}/deliveries/${delivery}`]) {
      expect((await on.open(path))?.status()).toBe(200);
      expect(await changing.count()).toBe(0);
      await expectAccessible(page);
    }
    await page.getByText('verifies with the current secret').waitFor();
    expect((await on.open('/new'))?.status()).toBe(403);
    const token = await page.locator('input[name="_token"]').first().inputValue();
    const acts = ['', `/${id}`, ...acting.map((act) => `/${id}/${act}`), `/${id}/deliveries/${delivery}/resend`];
    for (const path of acts) expect(await posted(path, { _token: token }, on.api.url)).toBe(403);
    expect(await on.shown(id)).toMatchObject({ enabled: true });
    await on.signIn(on.configurer);
  });

  it('is another site: its forms change nothing, nor one without the token', async () => {
    const { page } = on;
    const id = await on.endpoint('https://example.com/hooks');
    await on.open(`/${id}`);
    const token = await page.locator('input[name="_token"]').first().inputValue();
    for (const act of acting) {
      expect(await posted(`/${id}/${act}`, { _token: token }, 'https://evil.test')).toBe(403);
      expect(await posted(`/${id}/${act}`, {}, on.api.url)).toBe(403);
    }
    expect(await on.shown(id)).toMatchObject({ enabled: true });
    expect(await posted(`/${id}/disable`, { _token: token }, on.api.url)).toBe(303);
    expect(await on.shown(id)).toMatchObject({ enabled: false });
  });
});

const acting = ['test', 'rotate', 'recover', 'enable', 'disable', 'delete'];

/** As a browser with this session's cookie sends it. @returns the status */
async function posted(path: string, form: Record<string, string>, origin: string): Promise<number> {
  const cookies = await on.page.context().cookies(on.api.url);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${on.api.url}/settings/webhooks${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin, cookie },
    body: new URLSearchParams(form),
  });
  return answer.status;
}
