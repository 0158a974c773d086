import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardedClient } from '../../src/http/client/client.js';
import { createGuardedHttp } from '../../src/integrations/guarded-http.js';
import { testGuardedClient } from '../support/guarded-client.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';

let tracker: FakeTracker;
let client: GuardedClient;
beforeAll(async () => {
  tracker = await startFakeTracker({ secret: 'x' });
  client = testGuardedClient({ allow: ['127.0.0.1'] });
});
afterAll(async () => {
  await client.close();
  await tracker.close();
});

const call = (url: string, more: { signal?: AbortSignal; timeoutMs?: number; headers?: Record<string, string> } = {}) =>
  createGuardedHttp(client, { org: 'acme', ...(more.timeoutMs !== undefined && { timeoutMs: more.timeoutMs }) })
    .call({
      method: 'POST',
      url: new URL(url),
      headers: { 'content-type': 'application/json', ...more.headers },
      body: Buffer.from('{}'),
      signal: more.signal ?? new AbortController().signal,
    })
    .catch((error: unknown) => error);

describe('the guarded client for trackers', () => {
  it('gives every answer, whatever its status', async () => {
    expect(await call(tracker.url)).toMatchObject({ status: 401, complete: true });
  });

  it.each<[string, () => ReturnType<typeof call>, object]>([
    ['a refused address', () => call('http://192.168.7.7/secret'), { code: 'address_refused', retryable: false }],
    ['an unknown name', () => call('http://nobody.invalid/secret'), { code: 'unknown_host', retryable: true }],
    ['nobody there', () => call('http://127.0.0.1:9/secret'), { code: 'network', retryable: true }],
    [
      'credentials in the address',
      () => call('http://a:secret@127.0.0.1/'),
      { code: 'invalid_request', retryable: false },
    ],
    ['no TLS', () => call(tracker.url.replace('http:', 'https:')), { retryable: expect.any(Boolean) as boolean }],
    ['an aborted call', () => call(tracker.url, { signal: AbortSignal.abort() }), { code: 'aborted', retryable: true }],
  ])('turns %s into an error in our words', async (_name, run, expected) => {
    const error = await run();
    expect(error).toMatchObject({ name: 'ProviderError', ...expected });
    expect(String(error)).not.toMatch(/192\.168|secret|127\.0/);
  });

  it('holds the deadline', async () => {
    tracker.always({ kind: 'hang' });
    // What is not signed is refused before it hangs: a silent port is as good.
    const error = await call('http://127.0.0.1:9/', { timeoutMs: 1 });
    expect(error).toMatchObject({ name: 'ProviderError', retryable: true });
    tracker.always(null);
  });

  it('leaves the shared client open when it is closed', async () => {
    await createGuardedHttp(client, { org: 'acme' }).close();
    expect(await call(tracker.url)).toMatchObject({ status: 401 });
  });
});
