import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { hostile, webhooksConsole } from './console-webhooks-harness.js';
import { expectAccessible } from './support/accessible.js';
import { expectTexts } from './support/shown.js';

const on = webhooksConsole();

/** The id in the address of the page that is shown. */
const idInAddress = () => /wh_\w+/.exec(on.page.url())?.[0] ?? '';

describe('an endpoint', () => {
  it('is made with its secret shown once, tested, and sent an event', async () => {
    const { page } = on;
    await page.getByText('No endpoints yet').waitFor();
    await page.getByText('kt webhook listen').waitFor();
    await expectAccessible(page);
    const receiver = await on.receiver();
    await page.getByRole('link', { name: 'New endpoint' }).click();
    await expectAccessible(page);
    await page.getByLabel('URL').fill(receiver.url);
    await page.getByRole('checkbox', { name: /^event\.created/ }).check();
    await page.getByRole('checkbox', { name: /^config\.deployed/ }).check();
    await page.getByLabel('Headers').fill('X-Team: canary-header-value');
    await page.getByRole('button', { name: 'Create endpoint' }).click();
    const secret = await page.locator('[data-secret]').textContent();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    receiver.trust(secret ?? '');
    await expectAccessible(page);
    await page.reload();
    expect(await page.locator('[data-secret]').count()).toBe(0);
    expect(await page.content()).not.toContain('canary-header-value');

    await page.getByLabel('Event type').selectOption('config.deployed');
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.locator('#test-answer').getByText('received').waitFor();
    expect(await page.locator('#test-answer').textContent()).toContain('204');
    // In place: the page is the one that was opened.
    expect(page.url()).not.toContain('/test');
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-keeptrusts-event': 'config.deployed',
      'x-team': 'canary-header-value',
    });
    await expectAccessible(page);

    await on.publish();
    await eventually(
      () => on.deliveries(idInAddress()),
      (all) => all.length === 2 && all.every(({ status }) => status === 'succeeded'),
    );
    await page.reload();
    expect(await page.locator('tbody td.what').allTextContents()).toEqual(['event.created', 'config.deployed test']);
    expect(receiver.faults).toEqual([]);
  });

  it('is given another secret, shown once, while the one before still signs', async () => {
    const { page } = on;
    const receiver = await on.receiver();
    const made = await on.api.admin.post(`${on.org.path}/webhooks`, { url: receiver.url, events: ['config.deployed'] });
    await on.open(`/${made.body.id}`);
    await page.getByText('Rotate…').click();
    await page.getByLabel('Keep signing with the current secret for').selectOption({ label: 'an hour' });
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    const fresh = (await page.locator('[data-secret]').textContent()) ?? '';
    expect(fresh).toMatch(/^whsec_/);
    expect(fresh).not.toBe(made.body.secret);
    await page.getByText('Two secrets sign').waitFor();
    await expectAccessible(page);
    await page.reload();
    expect(await page.locator('[data-secret]').count()).toBe(0);
    receiver.trust(fresh);
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.locator('#test-answer').getByText('received').waitFor();
    expect(receiver.faults).toEqual([]);
    expect(receiver.requests[0]?.headers).toHaveProperty('x-keeptrusts-signature-previous');
  });

  it('that is not made keeps what was typed, with the errors beside the fields', async () => {
    const { page } = on;
    await on.open('/new');
    await page.getByLabel('URL').fill('https://user:pass@example.com/');
    await page.getByLabel('Description').fill('"><b>Typed</b>');
    await page.getByLabel('Headers').fill('Host: example.com\nX-Key: typed-secret\nno colon');
    await page.getByLabel('Rate limit').fill('fast');
    await page.getByRole('checkbox', { name: 'Enabled' }).uncheck();
    await page.getByRole('button', { name: 'Create endpoint' }).click();
    await page.getByRole('alert').waitFor();
    await expectTexts(page.locator('.error'), [
      expect.stringContaining('without credentials'),
      'Events must have at least one selected',
      expect.stringMatching(/line 3.*Host belongs to the connection/),
      expect.stringContaining('from 1 to 10,000'),
    ]);
    expect(await page.getByLabel('Description').inputValue()).toBe('"><b>Typed</b>');
    expect(await page.getByLabel('Headers').inputValue()).toContain('X-Key: typed-secret');
    expect(await page.getByRole('checkbox', { name: 'Enabled' }).isChecked()).toBe(false);
    await expectAccessible(page);
  });

  it('is changed: its headers stay unless they are typed anew, and do not follow to another host', async () => {
    const { page } = on;
    const id = await on.endpoint('https://one.example/hooks', { headers: { 'X-Key': 'a' }, enabled: false });
    await on.open(`/${id}`);
    await page.getByText('Change…').click();
    await page.getByLabel('Description').fill('Moved');
    await page.getByLabel('Rate limit').fill('7');
    await page.getByRole('checkbox', { name: 'Ordered' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await on.shown(id)).toMatchObject({
      ...{ description: 'Moved', rate_limit_per_second: 7, ordered: true, enabled: false, headers: ['X-Key'] },
    });
    await page.getByText('Change…').click();
    await page.getByLabel('URL').fill('https://two.example/hooks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('#headers-error').getByText('must be sent again when url changes').waitFor();
    expect(await page.getByLabel('URL').inputValue()).toBe('https://two.example/hooks');
    await expectAccessible(page);
    await page.getByLabel('Headers', { exact: true }).fill('X-Other: b');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await on.shown(id)).toMatchObject({ url: 'https://two.example/hooks', headers: ['X-Other'] });
  });

  it('is disabled, enabled, recovered and deleted', async () => {
    const { page } = on;
    const receiver = await on.receiver();
    const id = await on.endpoint(receiver.url);
    await on.open(`/${id}`);
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled. Nothing more is sent.').waitFor();
    await expectAccessible(page);
    await on.publish();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Events that it missed can be recovered.').first().waitFor();
    await page.getByLabel('Since').fill('1990-01-01T00:00');
    await page.getByRole('button', { name: 'Recover' }).click();
    await page.locator('.field .error').getByText('within the last 30 days').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Since').fill(localMinute(new Date(Date.now() - 3_600_000)));
    await page.getByRole('button', { name: 'Recover' }).click();
    // Of the events above, those of its type that came since it was made.
    await page.getByText('1 delivery is being sent.').waitFor();
    await eventually(
      () => Promise.resolve(receiver.messages.length),
      (count) => count === 1,
    );
    await page.getByText('Delete…').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByText('The endpoint was deleted.').waitFor();
    expect((await on.open(`/${id}`))?.status()).toBe(404);
  });

  it('says what its receiver answers to a test, as text', async () => {
    const { page } = on;
    const receiver = await on.receiver();
    const id = await on.endpoint(receiver.url);
    receiver.misbehave({ kind: 'answer', status: 500, body: hostile });
    await on.open(`/${id}`);
    await page.getByRole('button', { name: 'Send test' }).click();
    const answer = page.locator('#test-answer');
    await answer.getByText('The receiver answered 500.').waitFor();
    expect(await answer.locator('pre').textContent()).toContain(hostile.slice(0, 30));
    expect(await answer.locator('script, img').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    await expectAccessible(page);
  });

  it('has its tries of the day in a chart, and in a table for who cannot see it', async () => {
    const { page } = on;
    const receiver = await on.receiver();
    receiver.misbehave({ kind: 'status', status: 503 });
    const id = await on.endpoint(receiver.url, { events: ['export.completed'] });
    await on.publish('export.completed');
    await eventually(
      () => on.deliveries(id),
      ([one]) => one?.status === 'succeeded',
    );
    // Health is told some time after the outcome.
    await eventually(
      () => on.health(id),
      ({ status }) => status === 'healthy',
    );
    await on.open(`/${id}`);
    await page.getByText('1 succeeded (up) · 1 failed (down)').waitFor();
    const rows = page.getByRole('table', { name: /^Attempts per hour/ }).locator('tbody tr');
    const cells = (await rows.allTextContents()).map((row) => row.replace(/^\d\d:\d\d/, ''));
    // It may have failed at the end of one hour, and got through at the beginning of the next.
    expect([['11'], ['01', '10']]).toContainEqual(cells);
    await on.open('');
    const row = page.locator('tbody tr[data-href]', { hasText: receiver.url });
    expect(await row.locator('svg path.failed').getAttribute('d')).toMatch(/^M/);
    await row.getByText('healthy').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 1200 });
  });
});

/** As somebody in this machine's zone types it. */
function localMinute(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
