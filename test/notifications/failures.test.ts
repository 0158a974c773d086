import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotificationChannel } from '../../src/notifications/index.js';
import { NotificationError, type NotificationHttp } from '../../src/notifications/port.js';
import { FakePagerDuty, routingKey } from '../support/fake-pagerduty.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { FakeSlack } from '../support/fake-slack.js';
import { FakeTeams } from '../support/fake-teams.js';
import type { Habit } from '../support/fake-tracker.js';
import { openNotificationHttp } from '../support/notification-http.js';
import { notify } from '../support/notifications.js';

const http = openNotificationHttp();
/** For services that never answer. */
const shortTimeoutHttp = openNotificationHttp(300);
const secret = 'canary-signing-secret';
const slack = new FakeSlack();
const teams = new FakeTeams();
const pager = new FakePagerDuty();
const receiver = new FakeReceiver(Buffer.from(secret), secret);
const services = { slack, teams, pagerduty: pager, webhook: receiver };
beforeAll(() => Promise.all(Object.values(services).map((service) => service.up())));
afterAll(() => Promise.all([http, shortTimeoutHttp, ...Object.values(services)].map((service) => service.close())));

type Type = keyof typeof services;
const types = ['slack', 'teams', 'pagerduty', 'webhook'] as const;

const channelOf = (type: Type, client: NotificationHttp = http) => {
  const options = { http: client, pagerDutyEndpoint: pager.endpoint };
  if (type === 'pagerduty') return createNotificationChannel({ type, routingKey }, options);
  if (type === 'webhook') return createNotificationChannel({ type, id: 'chn_1', url: receiver.url, secret }, options);
  return createNotificationChannel({ type, url: services[type].url }, options);
};

async function failureOf(type: Type, client?: NotificationHttp, signal = new AbortController().signal) {
  const error: unknown = await channelOf(type, client)
    .send(notify('created'), { signal })
    .then(() => null)
    .catch((caught: unknown) => caught);
  if (error === null) return null;
  expect(error).toBeInstanceOf(NotificationError);
  expect(inspect(error)).not.toMatch(/canary|127\.0\.0\.1:/);
  return error as NotificationError;
}

const after = (type: Type, habit: Habit, client = http) => {
  services[type].misbehave(habit);
  return failureOf(type, client);
};

const leaking = { message: `canary ${routingKey}`, errors: ['canary'] };

describe.each(types)('%s: a failure', (type) => {
  it.each([408, 425, 429, 500, 502, 503, 599])('may heal after %i', async (status) => {
    const error = await after(type, { kind: 'status', status, body: leaking });
    expect(error).toMatchObject({ code: `http_${status}`, status, retryable: true, retryAfterMs: null });
  });

  it.each([301, 308, 400, 401, 403, 404, 409, 410, 413, 422])('is final after %i', async (status) => {
    const headers = { 'retry-after': '3', location: 'https://elsewhere.example/canary' };
    const error = await after(type, { kind: 'status', status, body: leaking, headers });
    expect(error).toMatchObject({ code: `http_${status}`, status, retryable: false, retryAfterMs: null });
  });

  it.each<[string, Habit, string]>([
    ['a page in place of an answer', { kind: 'html' }, 'not_json'],
    ['a cut connection', { kind: 'reset' }, 'network'],
    ['an answer that breaks off', { kind: 'reset_mid_body' }, 'network'],
  ])('may heal after %s', async (_name, habit, code) => {
    expect(await after(type, habit)).toMatchObject({ code, retryable: true });
  });

  it.each<[string, Habit]>([
    ['silence', { kind: 'hang' }],
    ['an answer that comes too late', { kind: 'delay', ms: 1_500 }],
  ])('may heal after %s', async (_name, habit) => {
    expect(await after(type, habit, shortTimeoutHttp)).toMatchObject({ code: 'timeout', retryable: true });
  });

  it('waits as long as Retry-After says', async () => {
    const retryAfter = (value: string): Habit => ({ kind: 'status', status: 429, headers: { 'retry-after': value } });
    expect(await after(type, retryAfter('7'))).toMatchObject({ retryAfterMs: 7_000 });
    const date = await after(type, retryAfter(new Date(Date.now() + 60_000).toUTCString()));
    expect(date?.retryAfterMs).toBeGreaterThan(50_000);
    expect(await after(type, { kind: 'html' })).toMatchObject({ retryAfterMs: null });
  });

  it('goes by the code of what the client threw, and repeats none of its words', async () => {
    const thrown = (fields: object): NotificationHttp => ({
      request: () => Promise.reject(Object.assign(new Error('canary at 127.0.0.1:9'), fields)),
    });
    const expected = [
      [{ code: 'address_refused' }, { code: 'address_refused', retryable: false }],
      [{ code: 'invalid_request' }, { code: 'invalid_request', retryable: false }],
      [
        { code: 'tls', reason: 'CERT_HAS_EXPIRED' },
        { code: 'tls', retryable: true },
      ],
      [
        { code: 'network', reason: 'ECONNREFUSED', status: 200 },
        { code: 'network', status: 200 },
      ],
      [{ code: 'timeout' }, { code: 'timeout', retryable: true }],
      [{ code: 'canary' }, { code: 'network', retryable: true }],
      [{ reason: 'canary!' }, { code: 'network', retryable: true }],
    ] as const;
    for (const [fields, error] of expected) expect(await failureOf(type, thrown(fields))).toMatchObject(error);
  });

  it('is no failure of theirs when the call is given up', async () => {
    services[type].misbehave({ kind: 'hang' });
    expect(await failureOf(type, http, AbortSignal.timeout(50))).toMatchObject({ code: 'aborted', retryable: true });
  });

  it('goes by, and the next one arrives', async () => {
    expect(await failureOf(type)).toBeNull();
  });
});

describe('the words of a failure', () => {
  it('say what the service meant, where it is known', async () => {
    const slackAnswer = (status: number, body: string) => after('slack', { kind: 'status', status, body });
    expect((await slackAnswer(404, 'no_service'))?.message).toContain('disabled or removed (no_service)');
    expect((await slackAnswer(410, 'channel_is_archived'))?.message).toContain('archived');
    expect((await slackAnswer(403, 'canary'))?.message).toBe('Slack refused with HTTP 403.');
    expect((await after('teams', { kind: 'status', status: 404 }))?.message).toContain('no such workflow');
    expect((await after('pagerduty', { kind: 'status', status: 400 }))?.message).toContain('routing key');
  });

  it('come from the real refusals too', async () => {
    const gone = createNotificationChannel({ type: 'slack', url: `${slack.url}-canary` }, { http });
    const signal = new AbortController().signal;
    await expect(gone.send(notify('created'), { signal })).rejects.toMatchObject({ code: 'http_404' });
    const wrongKey = createNotificationChannel(
      { type: 'pagerduty', routingKey: 'canary-key' },
      { http, pagerDutyEndpoint: pager.endpoint },
    );
    await expect(wrongKey.send(notify('created'), { signal })).rejects.toMatchObject({
      code: 'http_400',
      message: expect.not.stringContaining('canary') as string,
    });
  });
});
