import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/integrations/http-call.js';
import { createWebhookProvider } from '../../src/integrations/webhook/provider.js';
import { type Habit, startFakeTracker } from '../support/fake-tracker.js';
import { draft, options } from './drafts.js';
import { openWebhook, secret, type WebhookHarness } from './webhook-harness.js';

describe('webhook: which failures are tried again', () => {
  let harness: WebhookHarness;
  beforeAll(async () => {
    harness = await openWebhook({ timeoutMs: 400 });
  });
  afterAll(() => harness.close());
  afterEach(() => harness.tracker.always(null));

  const failureOn = async (habit: Habit): Promise<unknown> => {
    harness.tracker.misbehave(habit);
    return harness.provider.create(draft(), options()).then(
      () => null,
      (error: unknown) => error,
    );
  };

  it.each([408, 425, 429, 500, 501, 502, 503, 504, 507, 599])('tries again after %i', async (status) => {
    const message = `HTTP ${status}: Fake ${status}`;
    const expected = { name: 'ProviderError', code: `http_${status}`, message, retryable: true, retryAfterMs: null };
    expect(await failureOn({ kind: 'status', status })).toMatchObject(expected);
  });

  it.each([400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 451])('is final on %i', async (status) => {
    const headers = { 'retry-after': '3' };
    const expected = { code: `http_${status}`, retryable: false, retryAfterMs: null };
    expect(await failureOn({ kind: 'status', status, headers })).toMatchObject(expected);
  });

  it('follows no redirect, and shows no Location', async () => {
    const elsewhere = await startFakeTracker({ secret });
    for (const status of [301, 302, 303, 307, 308] as const) {
      const error = await failureOn({ kind: 'redirect', status, location: `${elsewhere.url}?token=canary` });
      expect(error).toMatchObject({ code: `http_${status}`, retryable: false });
      expect(String(error)).not.toContain('canary');
    }
    expect(elsewhere.requests()).toHaveLength(0);
    await elsewhere.close();
  });

  it.each<[string, Habit, string]>([
    ['HTML with 200', { kind: 'html' }, 'not_json'],
    ['HTML that calls itself JSON', { kind: 'answer', body: '<!DOCTYPE html><p>Log in</p>' }, 'not_json'],
    [
      'a text that calls itself HTML',
      { kind: 'answer', body: 'Log in', contentType: 'text/html; charset=utf-8' },
      'not_json',
    ],
    ['a cut connection', { kind: 'reset' }, 'network'],
    ['a cut connection after the deed', { kind: 'reset', store: true }, 'network'],
    ['a body that breaks off', { kind: 'reset_mid_body', store: true }, 'network'],
    ['silence', { kind: 'hang' }, 'timeout'],
    ['silence in the middle of a body', { kind: 'stall_mid_body' }, 'timeout'],
  ])('tries again after %s', async (_name, habit, code) => {
    const started = Date.now();
    expect(await failureOn(habit)).toMatchObject({ name: 'ProviderError', code, retryable: true });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('takes JSON and emptiness under the name of HTML for an answer, as PHP sends them', async () => {
    expect(await failureOn({ kind: 'answer', body: '{"external_id":"P-1"}', contentType: 'text/html' })).toBeNull();
    expect(await failureOn({ kind: 'answer', body: '', contentType: 'text/html' })).toBeNull();
  });

  it('honours Retry-After in seconds and as a date, a day at most', async () => {
    const waitOf = async (value: string) => {
      const error = await failureOn({ kind: 'status', status: 429, headers: { 'retry-after': value } });
      return (error as { retryAfterMs: number | null }).retryAfterMs;
    };
    expect(await waitOf('7')).toBe(7_000);
    expect(await waitOf('99999999')).toBe(86_400_000);
    expect(await waitOf('soon')).toBeNull();
    const inAMinute = await waitOf(new Date(Date.now() + 60_000).toUTCString());
    expect(inAMinute).toBeGreaterThan(55_000);
    expect(inAMinute).toBeLessThanOrEqual(60_000);
  });

  it('tries again while the tracker is down, and goes on where it was', async () => {
    await harness.tracker.down();
    // Until the client has seen its kept-alive connection end.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const of = draft();
    const error = await harness.provider.create(of, options()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'network', retryable: true });
    expect(String(error)).toContain('ECONNREFUSED');
    expect(String(error)).not.toContain('/hooks');
    await harness.tracker.up();
    await expect(harness.provider.create(of, options({ repeated: true }))).resolves.toBeDefined();
  });

  it('ends a call that is no longer wanted at once', async () => {
    const stop = new AbortController();
    harness.tracker.misbehave({ kind: 'hang' });
    const call = harness.provider.create(draft(), options({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    const started = Date.now();
    await expect(call).rejects.toMatchObject({ name: 'ProviderError', code: 'aborted', retryable: true });
    expect(Date.now() - started).toBeLessThan(300);
  });

  it('counts connecting towards the deadline', async () => {
    // Takes the connection and never answers the TLS handshake.
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const provider = createWebhookProvider({ url, secret, http: createHttpClient({ timeoutMs: 200 }) });
    const started = Date.now();
    await expect(provider.create(draft(), options())).rejects.toMatchObject({ code: 'timeout', retryable: true });
    expect(Date.now() - started).toBeLessThan(1_500);
    await provider.dispose?.();
    silent.close();
  });
});
