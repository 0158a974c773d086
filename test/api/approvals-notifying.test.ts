import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notify } from '../support/notifications.js';
import {
  all,
  channelsOf,
  firstId,
  pager,
  slack,
  slackChannel,
  startApprovals,
  type ApprovalsHarness,
  type Setup,
} from './approvals-harness.js';

let notifier: ApprovalsHarness['notifier'];
let newSetup: ApprovalsHarness['newSetup'];
let http: ApprovalsHarness['http'];
let close: ApprovalsHarness['close'];
beforeAll(async () => {
  ({ notifier, newSetup, http, close } = await startApprovals());
});
afterAll(() => close());

describe('a test call', () => {
  const testOf = async ({ key, path, put }: Setup, channel: object) =>
    key.post(`${path}/${firstId(await put([channel]))}/test`);

  it('says what came of it, good or bad, and nothing secret', async () => {
    const setup = await newSetup();
    const good = await testOf(setup, slackChannel({ enabled: false }));
    expect([good.status, good.body]).toEqual([
      200,
      { ok: true, status: 200, detail: 'The channel took the test notification.' },
    ]);
    expect(slack.messages.at(-1)?.links).toEqual(['http://drawbridge.test/']);
    const gone = await testOf(setup, slackChannel({ url: `${slack.origin}/services/canary` }));
    expect(gone.body).toMatchObject({ ok: false, status: 404 });
    const dead = await testOf(setup, slackChannel({ url: 'http://127.0.0.1:1/canary' }));
    expect([dead.status, dead.body]).toEqual([
      200,
      { ok: false, status: null, detail: 'The connection to Slack failed.' },
    ]);
    slack.misbehave({ kind: 'hang' });
    const { timeoutMs } = http;
    http.timeoutMs = 400;
    const silent = await testOf(setup, slackChannel());
    http.timeoutMs = timeoutMs;
    expect(silent.body).toEqual({ ok: false, status: null, detail: 'Slack did not answer in time.' });
    expect(JSON.stringify([gone.body, dead.body])).not.toMatch(/canary|127\.0/);
  });

  it('is answered by each type of channel', async () => {
    const { key, path, put } = await newSetup();
    const made = channelsOf(await put(all()));
    const results = [];
    for (const { id } of made) results.push((await key.post(`${path}/${String(id)}/test`)).body as unknown);
    expect(results).toMatchObject([204, 200, 202, 202].map((status) => ({ ok: true, status })));
    expect(pager.incidents.at(-1)?.state).toBe('resolved');
  });

  it('is limited to ten a minute for each channel', async () => {
    const { key, path, put } = await newSetup();
    const made = channelsOf(await put([slackChannel(), slackChannel()]));
    const [one, other] = made.map(({ id }) => `${path}/${String(id)}/test`);
    for (let time = 0; time < 10; time++) expect((await key.post(String(one))).status).toBe(200);
    const limited = await key.post(String(one));
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await key.post(String(other))).status).toBe(200);
  });

  it('finds nothing under an unknown id, or another org’s', async () => {
    const mine = await newSetup();
    const other = await newSetup();
    const id = firstId(await other.put([slackChannel()]));
    for (const unknown of [id, 'chn_none', 'x'.repeat(100)]) {
      expect((await mine.key.post(`${mine.path}/${unknown}/test`)).status).toBe(404);
    }
  });
});

describe('the notifier', () => {
  it('knows who wants to hear, and tells each', async () => {
    const { org, put } = await newSetup();
    const made = channelsOf(await put(all()));
    const [hook, ops, chat, page] = made.map(({ id }) => String(id));
    const [toHook, toOps, toPage] = [
      { id: hook, type: 'webhook' },
      { id: ops, type: 'slack' },
      { id: page, type: 'pagerduty' },
    ];
    expect(await notifier.channels(org, { moment: 'created', severity: 'medium' })).toEqual([toHook, toPage]);
    expect(await notifier.channels(org, { moment: 'created', severity: 'high' })).toEqual([toHook, toOps, toPage]);
    expect(await notifier.channels(org, { moment: 'budget', severity: null })).toEqual([toPage]);
    expect(await notifier.channels('none', { moment: 'created', severity: 'high' })).toEqual([]);
    const signal = new AbortController().signal;
    expect(await notifier.send(org, String(ops), notify('created'), { signal })).toBe('sent');
    expect(slack.messages.at(-1)?.text).toContain('Customer data left the region');
    expect(await notifier.send(org, String(chat), notify('created'), { signal })).toBe('gone');
    await put([]);
    expect(await notifier.send(org, String(ops), notify('created'), { signal })).toBe('gone');
  });
});
