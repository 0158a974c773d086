import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { dataOf } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';
import {
  jira,
  nowhere,
  pathsOf,
  publicUrl,
  serviceNow,
  setUp,
  startConnectionsApp,
  webhook,
  type ConnectionsApp,
} from './connections-harness.js';

let app: ConnectionsApp;
beforeAll(async () => {
  app = await startConnectionsApp();
});
afterAll(() => app.close());

const auditOf = async (org: string) =>
  dataOf(await app.admin.get(`/orgs/${org}/audit`)).filter(({ action }) => String(action).startsWith('connection.'));

describe('a connection', () => {
  it('is made with what was found of it and the secret of its webhooks, shown this once', async () => {
    const { org, path, key } = await setUp(app);
    const made = await key.post(path, webhook());
    const { webhook_secret: secret, checks, ...shown } = made.body as Record<string, unknown>;
    expect(made.status).toBe(201);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(checks).toMatchObject([
      { id: 'credentials', status: 'ready' },
      { id: 'receiver', status: 'ready' },
    ]);
    expect(shown).toEqual({
      id: expect.stringMatching(/^con_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      org_id: org,
      provider: 'webhook',
      name: 'Receiver',
      default: false,
      settings: { url: 'https://hooks.example/tickets' },
      secrets: { webhook_secret: true },
      severity_map: {},
      status_map: {},
      field_map: {},
      webhook_url: `${publicUrl}/api/v1/webhooks/connections/${String(shown.id)}`,
      created_at: expect.stringMatching(/Z$/) as string,
      updated_at: shown.created_at,
    });
    expect((await key.get(`${path}/${String(shown.id)}`)).body).toEqual(shown);
    expect(dataOf(await key.get(path))).toEqual([shown]);
    const everywhere = JSON.stringify([await app.stored(), await auditOf(org)]);
    expect(everywhere).not.toContain(secret);
  });

  it('has the defaults of its provider, and shows which secrets are set', async () => {
    const { path, key } = await setUp(app);
    const made = await key.post(path, jira());
    expect(made.body).toMatchObject({
      settings: { base_url: nowhere, poll_interval_seconds: 300, on_reopen: 'reopen' },
      secrets: { api_token: true, webhook_secret: true },
    });
    const other = await key.post(path, serviceNow());
    expect(other.body).toMatchObject({
      settings: { auth: 'basic', table: 'incident', comment_field: 'comments', poll_interval_seconds: 300 },
      secrets: { api_token: true, client_secret: false, webhook_secret: true },
    });
  });

  it('is stored and answered with what is missing when nobody is there', async () => {
    const { path, key } = await setUp(app);
    for (const input of [jira(), serviceNow()]) {
      const made = await key.post(path, input);
      expect([made.status, made.body.checks[0]]).toEqual([
        201,
        { id: 'credentials', status: 'missing', detail: expect.stringContaining('failed') as string },
      ]);
      const tested = await key.post(`${path}/${String(made.body.id)}/test`);
      expect([tested.status, tested.body.ok]).toEqual([200, false]);
    }
    expect(dataOf(await key.get(path))).toHaveLength(2);
  });

  it('may be anywhere, and is not called where it may not be', async () => {
    const { path, key } = await setUp(app);
    const made = await key.post(path, jira({ settings: { base_url: 'http://192.168.7.7/' } }));
    expect(made.body.checks).toEqual([
      { id: 'credentials', status: 'missing', detail: expect.stringContaining('may not be called') as string },
    ]);
    expect(JSON.stringify(made.body.checks)).not.toContain('192.168');
  });

  it.each<[string, object, string]>([
    ['a provider that is none', webhook({ provider: 'mock' }), 'provider'],
    ['no name', webhook({ name: '' }), 'name'],
    ['an unknown field', webhook({ secret: 'x' }), 'secret'],
    ['another provider’s setting', webhook({ settings: { url: 'https://a.example', table: 'x' } }), 'settings.table'],
    ['an address that is none', webhook({ settings: { url: 'hooks.example' } }), 'settings.url'],
    ['credentials in the address', webhook({ settings: { url: 'https://a:b@c.example' } }), 'settings.url'],
    ['another scheme', jira({ settings: { base_url: 'file:///etc/passwd' } }), 'settings.base_url'],
    ['a base with a query', jira({ settings: { base_url: 'https://a.example/?x=1' } }), 'settings.base_url'],
    [
      'a poll too often',
      jira({ settings: { base_url: nowhere, poll_interval_seconds: 4 } }),
      'settings.poll_interval_seconds',
    ],
    [
      'a project that breaks a search',
      jira({ settings: { base_url: nowhere, project_key: 'A" OR 1' } }),
      'settings.project_key',
    ],
    ['a table that leaves the path', serviceNow({ settings: { base_url: nowhere, table: '../x' } }), 'settings.table'],
    ['an unknown policy', jira({ settings: { base_url: nowhere, on_reopen: 'maybe' } }), 'settings.on_reopen'],
    ['no token', jira({ secrets: {} }), 'secrets.api_token'],
    ['no secrets at all', jira({ secrets: undefined }), 'secrets.api_token'],
    ['another provider’s secret', jira({ secrets: { api_token: 'x', client_secret: 'y' } }), 'secrets.client_secret'],
    ['a token with a line', jira({ secrets: { api_token: 'x\ny' } }), 'secrets.api_token'],
    [
      'a short webhook secret',
      jira({ secrets: { api_token: 'x', webhook_secret: 'short' } }),
      'secrets.webhook_secret',
    ],
    ['basic without a user', serviceNow({ settings: { base_url: nowhere, auth: 'basic' } }), 'settings.username'],
    [
      'oauth without a client',
      serviceNow({ settings: { base_url: nowhere, auth: 'oauth' }, secrets: { client_secret: 'x' } }),
      'settings.client_id',
    ],
    ['a severity that is none', jira({ severity_map: { urgent: 'Highest' } }), 'severity_map.urgent'],
    ['a pair for Jira', jira({ severity_map: { high: { impact: 1, urgency: 1 } } }), 'severity_map.high'],
    ['a word for ServiceNow', serviceNow({ severity_map: { high: 'Highest' } }), 'severity_map.high'],
    ['a status that is none of ours', jira({ status_map: { Done: 'done' } }), 'status_map.Done'],
    ['a map that is a list', jira({ status_map: [] }), 'status_map'],
    ['a field map on a webhook', webhook({ field_map: { a: 1 } }), 'field_map'],
    ['a field that is none', jira({ field_map: { 'a b': 1 } }), 'field_map.a b'],
    ['a field of too much', jira({ field_map: { a: 'x'.repeat(4 * 1024) } }), 'field_map.a'],
    [
      'too many fields',
      jira({ field_map: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`f${n}`, n])) }),
      'field_map',
    ],
  ])('is refused with %s', async (_name, body, at) => {
    const { path, key } = await setUp(app);
    const refused = await key.post(path, body);
    expect([refused.status, refused.body.errors && pathsOf(refused)]).toEqual([422, [at]]);
    expect(dataOf(await key.get(path))).toEqual([]);
  });

  it('keeps maps of any names as they are', async () => {
    const { path, key } = await setUp(app);
    const status_map = JSON.parse(
      '{"Zur Prüfung":"submitted","$set":"open","a.b":"closed","__proto__":"accepted"}',
    ) as object;
    const field_map = { customfield_10010: { value: '{gateway}' }, labels: ['a', '$b', null, 1.5, { 'c.d': true }] };
    const severity_map = { critical: 'Highest', low: 'Lowest' };
    const made = await key.post(path, jira({ status_map, field_map, severity_map }));
    expect(made.status).toBe(201);
    const got = await key.get(`${path}/${String(made.body.id)}`);
    expect(JSON.stringify(got.body.status_map)).toBe(JSON.stringify(status_map));
    expect(got.body).toMatchObject({ field_map, severity_map });
  });

  it('is made once for an Idempotency-Key', async () => {
    const { path, key } = await setUp(app);
    const headers = { 'Idempotency-Key': 'once' };
    const first = await key.post(path, webhook(), headers);
    const again = await key.post(path, webhook(), headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(dataOf(await key.get(path))).toHaveLength(1);
  });

  it('is listed newest first, in pages', async () => {
    const { path, key } = await setUp(app);
    for (const name of ['a', 'b', 'c']) await key.post(path, webhook({ name }));
    const first = await key.get(`${path}?limit=2`);
    expect(dataOf(first).map(({ name }) => name)).toEqual(['c', 'b']);
    const next = await key.get(`${path}?limit=2&cursor=${String(first.body.next_cursor)}`);
    expect([dataOf(next).map(({ name }) => name), next.body.next_cursor]).toEqual([['a'], null]);
  });
});

describe('the default connection', () => {
  const defaults = async (path: string, key: { get: ConnectionsApp['admin']['get'] }) =>
    dataOf(await key.get(path))
      .filter((one) => one.default)
      .map(({ name }) => name);

  it('is the one that was made it last, and none when that one ends to be it', async () => {
    const { path, key } = await setUp(app);
    const ids: Record<string, string> = {};
    for (const name of ['a', 'b', 'c']) {
      ids[name] = String((await key.post(path, webhook({ name, default: name !== 'c' }))).body.id);
    }
    expect(await defaults(path, key)).toEqual(['b']);
    expect((await key.patch(`${path}/${ids.a}`, { default: true })).body.default).toBe(true);
    expect(await defaults(path, key)).toEqual(['a']);
    expect((await key.patch(`${path}/${ids.b}`, { default: false })).status).toBe(200);
    expect(await defaults(path, key)).toEqual(['a']);
    await key.patch(`${path}/${ids.c}`, { default: true });
    expect((await key.patch(`${path}/${ids.c}`, { default: false })).body.default).toBe(false);
    expect(await defaults(path, key)).toEqual([]);
  });

  it('is none after it was deleted', async () => {
    const { path, key } = await setUp(app);
    await key.post(path, webhook({ name: 'a', default: true }));
    const { body } = await key.post(path, webhook({ name: 'b', default: true }));
    expect((await key.del(`${path}/${String(body.id)}`)).status).toBe(204);
    expect(await defaults(path, key)).toEqual([]);
  });

  it('is one of several that are made it at once', async () => {
    const { path, key } = await setUp(app);
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => key.post(path, webhook({ name, default: true }))));
    expect(await defaults(path, key)).toHaveLength(1);
  });
});

describe('connections', () => {
  it('are described whole', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    const { ConnectionCreate } = document.components?.schemas ?? {};
    expect(JSON.stringify(ConnectionCreate)).toContain('ConnectionCreateJira');
  });

  it('are seen by keys that read, and changed by those that configure', async () => {
    const { org, path, key } = await setUp(app);
    const id = String((await key.post(path, webhook())).body.id);
    const reader = await app.keyOf(org, ['read']);
    const calls = [
      reader.get(path),
      reader.get(`${path}/${id}`),
      reader.post(path, webhook()),
      reader.patch(`${path}/${id}`, {}),
      reader.post(`${path}/${id}/test`),
      reader.del(`${path}/${id}`),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 403, 403, 403, 403]);
  });
});
