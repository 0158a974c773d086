import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { routingKey } from '../support/fake-pagerduty.js';
import { dataOf } from '../support/http.js';
import { notify } from '../support/notifications.js';
import { documentFaults } from '../support/openapi.js';
import {
  all,
  channelsOf,
  firstId,
  receiver,
  secret,
  slack,
  slackChannel,
  startApprovals,
  teams,
  webhook,
  type ApprovalsHarness,
} from './approvals-harness.js';

let app: ApprovalsHarness['app'];
let store: ApprovalsHarness['store'];
let notifier: ApprovalsHarness['notifier'];
let newSetup: ApprovalsHarness['newSetup'];
let close: ApprovalsHarness['close'];
beforeAll(async () => {
  ({ app, store, notifier, newSetup, close } = await startApprovals());
});
afterAll(() => close());

describe('approval channels', () => {
  it('are none before they are set, and are answered without their secrets', async () => {
    const { key, path, put } = await newSetup();
    const empty = await key.get(path);
    expect([empty.status, empty.body, empty.headers.get('etag')]).toEqual([200, { channels: [] }, '"0"']);
    const made = await put(all());
    expect(made.status).toBe(200);
    const id = expect.stringMatching(/^chn_[0-9A-HJKMNP-TV-Z]{26}$/) as string;
    const low = { id, min_severity: 'low', enabled: true };
    expect(made.body).toEqual({
      channels: [
        { ...low, type: 'webhook', name: 'Hook', on: ['created'], secrets: { url: true, secret: true } },
        {
          ...low,
          type: 'slack',
          name: 'Ops',
          on: ['created', 'overdue'],
          min_severity: 'high',
          secrets: { url: true },
        },
        { ...low, type: 'teams', name: 'Chat', on: ['resolved'], enabled: false, secrets: { url: true } },
        {
          ...low,
          type: 'pagerduty',
          name: 'Page',
          on: ['created', 'claimed', 'resolved', 'budget'],
          secrets: { routing_key: true },
        },
      ],
    });
    const read = await key.get(path);
    expect(read.body).toEqual(made.body);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
  });

  it('keep what a PUT leaves out, and take back what a GET answered', async () => {
    const { org, key, path, put } = await newSetup();
    const first = await put(all());
    const stored = (await store.find(org)).channels;
    const again = await put(channelsOf(first));
    expect(again.body).toEqual(first.body);
    expect((await store.find(org)).channels).toEqual(stored);
    const [kept, renamed] = channelsOf(first);
    const changed = await put([{ ...renamed, name: 'New' }, kept]);
    expect(channelsOf(changed).map(({ id, name }) => [id, name])).toEqual([
      [renamed?.id, 'New'],
      [kept?.id, 'Hook'],
    ]);
    expect((await key.post(`${path}/${String(kept?.id)}/test`)).body).toMatchObject({ ok: true, status: 204 });
  });

  it('are stored sealed, each for its own place', async () => {
    const { org, put } = await newSetup();
    await put(all());
    const text = JSON.stringify(await app.connection.collection('approvals').findOne({ _id: org as never }));
    expect(text).toContain('"v1.');
    for (const hidden of [slack.url, teams.url, receiver.url, secret, routingKey]) expect(text).not.toContain(hidden);
    const [hook, ops] = (await store.find(org)).channels;
    if (hook && ops) await store.replace(org, 1, { channels: [hook, { ...ops, url: hook.url }] });
    const send = notifier.send(org, String(ops?.id), notify('created'), { signal: new AbortController().signal });
    await expect(send).rejects.toMatchObject({ code: 'secret_unreadable', retryable: true });
  });

  it('need their secret again when their URL changes, and may lose it', async () => {
    const { put } = await newSetup();
    const id = firstId(await put([webhook()]));
    const moved = { id, type: 'webhook', name: 'Hook', on: ['created'], url: 'https://elsewhere.example/' };
    const refused = await put([slackChannel(), moved]);
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ path: 'channels[1].secret', message: 'must be sent again when url changes' }],
    ]);
    expect((await put([{ ...moved, url: receiver.url }])).status).toBe(200);
    expect((await put([{ ...moved, secret: 'another' }])).status).toBe(200);
    const without = await put([{ ...moved, url: receiver.url, secret: null }]);
    expect(channelsOf(without)[0]?.secrets).toEqual({ url: true, secret: false });
    expect((await put([moved])).status).toBe(200);
  });

  it.each<[string, () => Record<string, unknown>, string]>([
    ['an unknown id', () => webhook({ id: 'chn_01J00000000000000000000000' }), 'channels[0].id'],
    ['no URL', () => webhook({ url: undefined }), 'channels[0].url'],
    ['no routing key', () => ({ type: 'pagerduty', name: 'P', on: ['created'] }), 'channels[0].routing_key'],
    ['a URL with credentials', () => slackChannel({ url: 'https://u:canary@example.com/' }), 'channels[0].url'],
    ['another scheme', () => slackChannel({ url: 'file:///etc/canary' }), 'channels[0].url'],
    ['a secret that Slack has not', () => slackChannel({ secret: 'canary' }), 'channels[0].secret'],
    ['a routing key with a line in it', () => ({ ...all()[3], routing_key: 'canary\nx' }), 'channels[0].routing_key'],
    ['a secret that is no base64', () => webhook({ secret: 'whsec_canary!' }), 'channels[0].secret'],
    ['an unknown moment', () => webhook({ on: ['never'] }), 'channels[0].on[0]'],
    ['no moment', () => webhook({ on: [] }), 'channels[0].on'],
    ['an unknown severity', () => webhook({ min_severity: 'fatal' }), 'channels[0].min_severity'],
    ['an unknown type', () => webhook({ type: 'fax' }), 'channels[0].type'],
    ['an unknown field', () => webhook({ $where: 'canary' }), 'channels[0].$where'],
  ])('are refused with %s', async (_name, channel, path) => {
    const { key, path: at, put } = await newSetup();
    const answer = await put([channel()]);
    expect(answer.status).toBe(422);
    expect((answer.body.errors as { path: string }[]).map((error) => error.path)).toEqual([path]);
    expect(answer.body.detail).not.toContain('canary');
    expect((await key.get(at)).body).toEqual({ channels: [] });
  });

  it('are refused when there are too many, one twice, another org’s, or of another type than before', async () => {
    const { put } = await newSetup();
    expect((await put(Array.from({ length: 51 }, () => slackChannel()))).status).toBe(422);
    expect((await put(Array.from({ length: 50 }, () => slackChannel()))).status).toBe(200);
    const id = firstId(await put([slackChannel()]));
    expect((await put([slackChannel({ id }), slackChannel({ id })])).body.detail).toContain('channels[1].id');
    expect((await put([{ ...slackChannel({ id }), type: 'teams' }])).body.detail).toContain('channels[0].type');
    expect((await (await newSetup()).put([slackChannel({ id })])).body.detail).toContain('channels[0].id');
  });
});

describe('the ETag of approvals', () => {
  it('changes with each PUT, and a stale If-Match is refused', async () => {
    const { key, path, put } = await newSetup();
    const first = await put([slackChannel()], { 'If-Match': '"0"' });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"1"']);
    const stale = await put([], { 'If-Match': '"0"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect((await put([], { 'If-Match': '*' })).headers.get('etag')).toBe('"2"');
    expect((await key.get(path)).headers.get('etag')).toBe('"2"');
  });

  it('lets one of many writers at once through, and without it none is lost', async () => {
    const { key, path, put } = await newSetup();
    const race = await Promise.all(Array.from({ length: 8 }, () => put([slackChannel()], { 'If-Match': '"0"' })));
    expect(race.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
    const free = await Promise.all(Array.from({ length: 8 }, () => put([slackChannel()])));
    expect(free.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect((await key.get(path)).headers.get('etag')).toBe('"9"');
  });
});

describe('approvals', () => {
  it('are described, ETag and all', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    const { put } = document.paths?.['/api/v1/orgs/{org}/approvals'] ?? {};
    expect(JSON.stringify(put?.parameters)).toContain('parameters/IfMatch');
  });

  it('are read with read, and changed and tested with configure', async () => {
    const { org, path, put } = await newSetup();
    const id = firstId(await put([slackChannel()]));
    const reader = await app.keyOf(org, ['read', 'review', 'ingest']);
    expect((await reader.get(path)).status).toBe(200);
    expect((await reader.put(path, { channels: [] })).status).toBe(403);
    expect((await reader.post(`${path}/${id}/test`)).status).toBe(403);
    expect((await (await newSetup()).key.get(path)).status).toBe(404);
  });

  it('leave an audit record of who changed which fields, and no secret', async () => {
    const { org, key, put } = await newSetup();
    const id = firstId(await put([webhook()]));
    await put([webhook({ id, name: 'Renamed', secret: 'canary-secret', on: ['claimed'] })]);
    const made = await put([slackChannel()]);
    const entries = dataOf(await key.get(`/orgs/${org}/audit`)).filter(({ action }) => action === 'approvals.replaced');
    const changed = entries.map((entry) => entry.changed).reverse();
    expect(changed).toEqual([
      [`channels.${id}`],
      [`channels.${id}.name`, `channels.${id}.on`, `channels.${id}.secret`],
      [`channels.${firstId(made)}`, `channels.${id}`],
    ]);
    expect(entries[0]).toMatchObject({ subject: { type: 'approvals', id: org, name: null } });
    expect(entries[1]).toMatchObject({
      changes: {
        channels: { before: [{ name: 'Hook' }], after: [{ name: 'Renamed', secrets: { url: true, secret: true } }] },
      },
    });
    expect(JSON.stringify(entries)).not.toContain('canary');
  });
});
