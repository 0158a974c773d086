import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServiceNowSettings } from '../../src/integrations/servicenow/settings.js';
import { rateLimited, unauthenticated, type FakeAuth } from '../support/fake-servicenow.js';
import type { Habit } from '../support/fake-tracker.js';
import { draft, options } from './drafts.js';
import { failureOf, openServiceNow, password, type ServiceNowHarness } from './servicenow-harness.js';

const token = 'canary-bearer-token-1';
const oauth = { kind: 'oauth', clientId: 'client-1', clientSecret: 'canary-client-secret' } as const;
const byOauth = { auth: 'oauth', clientId: oauth.clientId, clientSecret: oauth.clientSecret } as const;
const first = { ...options(), sentAt: null };

describe('servicenow: who we are', () => {
  let harness: ServiceNowHarness;
  afterEach(() => {
    vi.useRealTimers();
    return harness.close();
  });

  async function open(settings: Partial<ServiceNowSettings>, auth: FakeAuth): Promise<void> {
    harness = await openServiceNow(settings, { auth });
  }
  const tokens = () => harness.fake.requests.filter(({ call }) => call === 'token').length;

  it('is said by Basic', async () => {
    await open({ username: 'jürgen', apiToken: 'pä:ss' }, { kind: 'basic', username: 'jürgen', password: 'pä:ss' });
    await harness.provider.create(draft(), first);
  });

  it('is said by a bearer token', async () => {
    await open({ auth: 'bearer', apiToken: token }, { kind: 'bearer', token });
    await harness.provider.create(draft(), first);
  });

  it('is said by OAuth with one token for all, at once too', async () => {
    await open(byOauth, oauth);
    await Promise.all([1, 2, 3].map(() => harness.provider.create(draft(), first)));
    await harness.provider.create(draft(), first);
    expect(tokens()).toBe(1);
    expect(harness.fake.faults).toEqual([]);
  });

  it('is renewed shortly before the token ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await open(byOauth, { ...oauth, tokenSeconds: 1800 });
    await harness.provider.create(draft(), first);
    vi.setSystemTime(Date.now() + 1_739_000);
    await harness.provider.create(draft(), first);
    expect(tokens()).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    await harness.provider.create(draft(), first);
    expect(tokens()).toBe(2);
    expect(harness.fake.requests.map(({ call }) => call)).toEqual([
      ...['token', 'create', 'create', 'token', 'create'],
    ]);
  });

  it('is renewed once when a token is refused, and one ticket is made', async () => {
    await open(byOauth, oauth);
    await harness.provider.create(draft(), first);
    harness.fake.revokeTokens();
    await harness.provider.create(draft(), first);
    expect(harness.fake.records).toHaveLength(2);
    harness.fake.misbehave(unauthenticated(), { times: 2, on: 'create' });
    const error = await failureOf(harness.provider.create(draft(), first));
    expect(error).toMatchObject({ code: 'http_401', retryable: false });
    expect(harness.fake.records).toHaveLength(2);
  });

  it('is refused as http_401 where the client is unknown, before a create counts as sent', async () => {
    await open({ ...byOauth, clientSecret: 'canary-wrong-secret' }, oauth);
    let sent = 0;
    const sending = () => Promise.resolve(void (sent += 1));
    const error = await failureOf(harness.provider.create(draft(), { ...first, sending }));
    expect(error).toMatchObject({ code: 'http_401', retryable: false });
    expect(error.message).toContain('access_denied');
    expect(error.message).not.toContain('canary');
    expect(sent).toBe(0);
  });

  it('survives that the caller whose token all wait for gives up', async () => {
    await open(byOauth, oauth);
    harness.fake.misbehave({ kind: 'delay', ms: 100 }, { on: 'token' });
    const stop = new AbortController();
    const given = failureOf(harness.provider.create(draft(), { ...first, signal: stop.signal }));
    const wanted = harness.provider.create(draft(), first);
    stop.abort();
    expect(await given).toMatchObject({ code: 'aborted' });
    expect((await wanted).externalId).toMatch(/^INC\d{7}$/);
  });

  it('is refused finally with 401, in the words of the instance, with one request', async () => {
    await open({ apiToken: 'canary-wrong' }, { kind: 'basic', username: 'integration', password });
    const error = await failureOf(harness.provider.create(draft(), first));
    expect(error).toMatchObject({ code: 'http_401', retryable: false });
    expect(error.message).toContain('User Not Authenticated');
    expect(harness.fake.requests).toHaveLength(1);
  });

  it('counts a 403 that speaks of authentication as 401, and no other', async () => {
    await open({}, { kind: 'basic', username: 'integration', password });
    for (const [message, code] of [
      ['User Not Authenticated', 'http_401'],
      ['Insufficient rights to create new records', 'http_403'],
    ] as const) {
      harness.fake.misbehave({ kind: 'status', status: 403, body: { error: { message, detail: null } } });
      expect(await failureOf(harness.provider.create(draft(), first))).toMatchObject({ code, retryable: false });
    }
  });
});

describe('servicenow: a bad day', () => {
  let harness: ServiceNowHarness;
  afterEach(() => harness.close());

  it.each<[string, Habit, string, number | null]>([
    ['a hibernating instance', { kind: 'html' }, 'not_json', null],
    ['a text', { kind: 'answer', body: 'OK', contentType: 'text/plain' }, 'not_json', null],
    ['no result', { kind: 'answer', body: {} }, 'answer_unreadable', null],
    [
      'a record without a number',
      { kind: 'answer', body: { result: { sys_id: 'f'.repeat(32) } } },
      'answer_unreadable',
      null,
    ],
    ['an answer without an end', { kind: 'huge', bytes: 6_000_000 }, 'answer_unreadable', null],
    ['a hang', { kind: 'hang' }, 'timeout', null],
    ['a stall', { kind: 'stall_mid_body' }, 'timeout', null],
    ['a reset', { kind: 'reset' }, 'network', null],
    ['a reset in the middle', { kind: 'reset_mid_body' }, 'network', null],
    ['a rate limit', rateLimited(4), 'http_429', 4_000],
    ['maintenance', { kind: 'status', status: 503, headers: { 'retry-after': '7' } }, 'http_503', 7_000],
  ])('%s is retryable', async (_, habit, code, retryAfterMs) => {
    harness = await openServiceNow();
    harness.fake.misbehave(habit);
    const error = await failureOf(harness.provider.create(draft(), first));
    expect(error).toMatchObject({ code, retryable: true, retryAfterMs });
  });

  it('repeats no secret that an answer repeats', async () => {
    harness = await openServiceNow({ ...byOauth }, { auth: oauth });
    await harness.provider.create(draft(), first);
    const used = String(harness.fake.requests.at(-1)?.headers.authorization).replace('Bearer ', '');
    for (const secret of [oauth.clientSecret, encodeURIComponent(oauth.clientSecret), used]) {
      for (const on of ['create', 'token'] as const) {
        const body = { error: { message: `Refused ${secret}`, detail: `Authorization: Bearer ${secret}` } };
        if (on === 'token') {
          harness.fake.misbehave(unauthenticated(), { on: 'create' });
        }
        harness.fake.misbehave({ kind: 'status', status: 400, body }, { on });
        const { message } = await failureOf(harness.provider.create(draft(), first));
        expect(message).toContain('Refused [redacted]');
        expect(message).not.toContain(secret);
      }
    }
  });

  it('repeats no password in whatever spelling', async () => {
    harness = await openServiceNow();
    const basic = Buffer.from(`integration:${password}`).toString('base64');
    for (const text of [`No ${password} here`, `Got ${basic}`, `Basic ${basic}`]) {
      harness.fake.misbehave({ kind: 'status', status: 500, body: { error: { message: text } } });
      const { message } = await failureOf(harness.provider.create(draft(), first));
      expect(message).not.toContain(password);
      expect(message).not.toContain(basic);
    }
  });
});
