import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/lib/provider-errors.js';
import { dataOf } from '../support/http.js';
import {
  jira,
  pathsOf,
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

async function made(input: object) {
  const setup = await setUp(app);
  const { body } = await setup.key.post(setup.path, input);
  const id = String(body.id);
  return { ...setup, id, item: `${setup.path}/${id}`, body };
}

const storedOne = async (id: string) => (await app.stored()).find(({ _id }) => _id === id);

describe('a change of a connection', () => {
  it('sets what is given, and leaves the rest', async () => {
    const { key, item, body } = await made(jira({ settings: { base_url: 'https://a.example', issue_type: 'Bug' } }));
    const changed = await key.patch(item, {
      name: 'Ours',
      settings: { project_key: 'SEC', issue_type: null },
      status_map: { Done: 'accepted' },
      severity_map: { critical: 'Blocker' },
    });
    const { webhook_secret: _, checks: __, ...before } = body as Record<string, unknown>;
    expect(changed.body).toEqual({
      ...before,
      name: 'Ours',
      settings: { base_url: 'https://a.example', project_key: 'SEC', poll_interval_seconds: 300, on_reopen: 'reopen' },
      status_map: { Done: 'accepted' },
      severity_map: { critical: 'Blocker' },
      updated_at: expect.any(String) as string,
    });
  });

  it.each<[string, object, object, string[]]>([
    ['base_url', jira(), { settings: { base_url: 'https://evil.example' } }, ['secrets.api_token']],
    [
      'base_url, of oauth',
      serviceNow({
        settings: { base_url: 'https://a.example', client_id: 'c' },
        secrets: { client_secret: 's', api_token: 't' },
      }),
      { settings: { base_url: 'https://evil.example' }, secrets: { api_token: 'again' } },
      ['secrets.client_secret'],
    ],
    ['username', serviceNow(), { settings: { username: 'mallory' } }, ['secrets.api_token']],
    ['url', webhook(), { settings: { url: 'https://evil.example' } }, ['secrets.webhook_secret']],
  ])('of %s needs the secrets again', async (_name, input, change, paths) => {
    const { key, item, id } = await made(input);
    const before = await storedOne(id);
    const refused = await key.patch(item, change);
    expect([refused.status, pathsOf(refused)]).toEqual([422, paths]);
    expect(await storedOne(id)).toEqual(before);
  });

  it('of the address is taken with the secrets, and the same address is no change', async () => {
    const { key, item } = await made(jira({ settings: { base_url: 'https://a.example' } }));
    expect((await key.patch(item, { settings: { base_url: 'https://a.example/' } })).status).toBe(200);
    const moved = await key.patch(item, { settings: { base_url: 'https://b.example' }, secrets: { api_token: 'new' } });
    expect([moved.status, moved.body.settings.base_url]).toEqual([200, 'https://b.example']);
  });

  it.each<[string, object, object, string]>([
    ['what is another provider’s', jira(), { settings: { table: 'x' } }, 'settings.table'],
    ['what is wrong', jira(), { settings: { poll_interval_seconds: 1 } }, 'settings.poll_interval_seconds'],
    ['what takes away what is needed', jira(), { settings: { base_url: null } }, 'settings.base_url'],
    ['another provider', jira(), { provider: 'webhook' }, 'provider'],
    ['another provider’s secret', jira(), { secrets: { client_secret: 'x' } }, 'secrets.client_secret'],
    [
      'oauth without its secret',
      serviceNow(),
      { settings: { auth: 'oauth', client_id: 'c' } },
      'secrets.client_secret',
    ],
    ['a map of another provider', serviceNow(), { severity_map: { low: 'x' } }, 'severity_map.low'],
    ['settings that are none', jira(), { settings: 'x' }, 'settings'],
    ['a field map on a webhook', webhook(), { field_map: { a: 1 } }, 'field_map'],
  ])('is refused with %s', async (_name, input, change, path) => {
    const { key, item, id } = await made(input);
    const before = await storedOne(id);
    const refused = await key.patch(item, change);
    expect([refused.status, pathsOf(refused)]).toEqual([422, [path]]);
    expect(await storedOne(id)).toEqual(before);
  });

  it('leaves an audit record of names, and none when nothing changed', async () => {
    const { org, key, item, id } = await made(jira());
    await key.patch(item, { name: 'Jira', secrets: { api_token: 'canary-api-token' }, settings: {} });
    await key.patch(item, { name: 'Two', secrets: { api_token: 'canary-second' }, default: true });
    expect((await key.del(item)).status).toBe(204);
    const entries = dataOf(await key.get(`/orgs/${org}/audit`)).filter(({ action }) =>
      String(action).startsWith('connection.'),
    );
    expect(entries).toMatchObject([
      { action: 'connection.deleted', subject: { type: 'connection', id, name: 'Two' } },
      { action: 'connection.updated', changed: ['name', 'secrets.api_token', 'default'] },
      { action: 'connection.created' },
    ]);
    expect(JSON.stringify([entries, await app.stored()])).not.toContain('canary');
  });

  it('counts versions, also of changes at once', async () => {
    const { key, item, id } = await made(webhook());
    await Promise.all([1, 2, 3, 4].map((n) => key.patch(item, { name: `Name ${n}` })));
    expect(await storedOne(id)).toMatchObject({ version: 5 });
  });

  it('lets calls through again whose credentials were refused', async () => {
    const { key, item, id } = await made(webhook());
    const refusal = new ProviderError('http_401', 'HTTP 401: no', false);
    const later = new Date(Date.now() + 60_000);
    await app.states.refuse({ scope: id, version: 1 }, refusal, new Date(), later);
    expect(await app.states.refused([id])).toHaveLength(1);
    await key.patch(item, { name: 'Other' });
    expect(await app.states.refused([id])).toEqual([]);
    expect(await app.states.refuse({ scope: id, version: 1 }, refusal, new Date(), later)).toBe(false);
    await app.states.refuse({ scope: id, version: 2 }, refusal, new Date(), later);
    expect((await key.post(`${item}/test`)).body.ok).toBe(true);
    expect(await app.states.refused([id])).toEqual([]);
  });
});

describe('a deletion of a connection', () => {
  it('is refused while tickets are linked, and leaves it as it was', async () => {
    const { key, item, id } = await made(webhook());
    app.inUse.add(id);
    const refused = await key.del(item);
    expect([refused.status, refused.body.code]).toEqual([409, 'connection_in_use']);
    expect(await storedOne(id)).toMatchObject({ ending_at: null, deleted_at: null });
    app.inUse.delete(id);
    expect((await key.del(item)).status).toBe(204);
  });

  it('leaves a tombstone without secrets, and nothing that callers see', async () => {
    const { key, path, item, id } = await made(jira());
    expect((await key.del(item)).status).toBe(204);
    expect(await storedOne(id)).toMatchObject({
      deleted_at: expect.any(Date) as Date,
      version: 2,
      secrets: { api_token: null, webhook_secret: null },
    });
    expect(dataOf(await key.get(path))).toEqual([]);
    const calls = [key.get(item), key.patch(item, { name: 'x' }), key.post(`${item}/test`), key.del(item)];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('is marked before links are counted', async () => {
    const { key, item, id } = await made(webhook());
    let marked: unknown;
    app.hooks.beforeCount = async () => (marked = (await storedOne(id))?.ending_at);
    await key.del(item);
    app.hooks.beforeCount = undefined;
    expect(marked).toBeInstanceOf(Date);
  });

  it('succeeds once of several at once', async () => {
    const { key, item } = await made(webhook());
    const answers = await Promise.all([1, 2, 3].map(() => key.del(item)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.every((status) => [204, 404, 409].includes(status))).toBe(true);
  });
});
