import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHeaders } from '../../src/webhooks/endpoints/secrets.js';
import { pathsOf, startWebhooksApp, url, type WebhooksApp } from './webhook-endpoints-harness.js';

let app: WebhooksApp;
beforeAll(async () => {
  app = await startWebhooksApp();
});
afterAll(() => app.close());

const headersOf = async (id: string) => openHeaders(await app.stored(id), app.cipher);

describe('a PATCH', () => {
  it.each<[string, unknown]>([
    ['url', 'https://receiver.example/other'],
    ['events', ['budget.threshold_reached', 'event.created']],
    ['description', 'Another'],
    ['rate_limit_per_second', 5],
    ['ordered', true],
    ['enabled', false],
  ])('of %s changes that alone', async (field, value) => {
    const { key, make, audit } = await app.newSetup();
    const { id, at, body, secret } = await make({ headers: { 'X-A': 'a' } });
    app.changes.length = 0;
    const changed = await key.patch(at, { [field]: value });
    const alone = { [field]: value, updated_at: changed.body.updated_at as string };
    const health = { ...(body.health as object), status: field === 'enabled' ? 'disabled' : 'new' };
    expect([changed.status, changed.body]).toEqual([200, { ...body, ...alone, health }]);
    expect(Date.parse(changed.body.updated_at as string)).toBeGreaterThanOrEqual(Date.parse(String(body.updated_at)));
    expect((await key.get(at)).body).toEqual(changed.body);
    expect([await app.signs(id), await headersOf(id)]).toEqual([[secret], { 'X-A': 'a' }]);
    expect(app.changes).toMatchObject([[{ version: 1 }, { version: 2, [field]: value }]]);
    expect((await audit()).at(-1)).toMatchObject({ action: 'webhook.updated', changed: [field] });
  });

  it('that changes nothing leaves no trace', async () => {
    const { key, make, audit } = await app.newSetup();
    const { at, id, body } = await make({ headers: { 'X-A': 'a' }, rate_limit_per_second: 1 });
    app.changes.length = 0;
    const { url: same, events, description, rate_limit_per_second, ordered, enabled } = body;
    const whole = { url: same, events, description, rate_limit_per_second, ordered, enabled, headers: { 'X-A': 'a' } };
    for (const change of [{}, whole]) expect((await key.patch(at, change)).body).toEqual(body);
    expect([await app.stored(id), app.changes]).toMatchObject([{ version: 1 }, []]);
    expect(await audit()).toHaveLength(1);
  });

  it('of the rate limit may take it away', async () => {
    const { key, make } = await app.newSetup();
    const { at } = await make({ rate_limit_per_second: 1 });
    expect((await key.patch(at, { rate_limit_per_second: null })).body.rate_limit_per_second).toBeNull();
  });

  it('of headers replaces them all', async () => {
    const { key, make, audit } = await app.newSetup();
    const { at, id } = await make({ headers: { 'X-Kept': 'a', 'X-Changed': 'b', 'X-Gone': 'c' } });
    const [kept] = (await app.stored(id)).headers;
    const changed = await key.patch(at, { headers: { 'X-New': 'd', 'X-Kept': 'a', 'X-Changed': 'e' } });
    expect(changed.body.headers).toEqual(['X-New', 'X-Kept', 'X-Changed']);
    expect(await headersOf(id)).toEqual({ 'X-New': 'd', 'X-Kept': 'a', 'X-Changed': 'e' });
    expect((await app.stored(id)).headers).toContainEqual(kept);
    const names = ['headers.X-New', 'headers.X-Changed', 'headers.X-Gone'];
    expect((await audit()).at(-1)).toMatchObject({ action: 'webhook.updated', changed: names });
    expect((await key.patch(at, { headers: {} })).body.headers).toEqual([]);
    expect(await headersOf(id)).toEqual({});
  });

  it.each(['https://elsewhere.example/hooks/path-token', 'http://receiver.example/', 'https://receiver.example:8443/'])(
    'never sends the values of headers along to %s',
    async (moved) => {
      const { key, make } = await app.newSetup();
      const { at, id, body, secret } = await make({ headers: { 'X-A': 'a' } });
      const refused = await key.patch(at, { url: moved });
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [{ path: 'headers', message: 'must be sent again when url changes' }],
      ]);
      expect((await key.get(at)).body).toEqual(body);
      expect((await key.patch(at, { url: moved, headers: { 'X-A': 'a' } })).body).toMatchObject({ url: moved });
      expect([await headersOf(id), await app.signs(id)]).toEqual([{ 'X-A': 'a' }, [secret]]);
      expect((await key.patch(at, { url, headers: {} })).body).toMatchObject({ url, headers: [] });
      expect((await key.patch(at, { url: moved })).status).toBe(200);
    },
  );

  it('that disables gives no reason of ours, and enabling takes ours away', async () => {
    const { key, make, audit } = await app.newSetup();
    const { at, id } = await make();
    expect((await key.patch(at, { enabled: false })).body).toMatchObject({ enabled: false, disabled_reason: null });
    expect((await app.stored(id)).disabled_at).toBeInstanceOf(Date);
    expect((await key.patch(at, { enabled: true })).body).toMatchObject({ enabled: true, disabled_reason: null });
    expect((await app.stored(id)).disabled_at).toBeNull();
    await app.store.disable(id, 'gone');
    const ours = (await key.get(at)).body;
    expect(ours).toMatchObject({ enabled: false, disabled_reason: 'gone', health: { status: 'disabled' } });
    expect((await key.patch(at, { enabled: false, ordered: true })).body).toMatchObject({ disabled_reason: 'gone' });
    expect((await key.patch(at, { enabled: true })).body).toMatchObject({ enabled: true, disabled_reason: null });
    expect((await audit()).map((entry) => entry.changed).slice(1)).toEqual([
      ['enabled'],
      ['enabled'],
      ['ordered'],
      ['enabled'],
    ]);
  });

  it('at the same time as others loses none of them', async () => {
    const { key, make } = await app.newSetup();
    const { at, id } = await make();
    const changes = [
      { ordered: true },
      { description: 'b' },
      { rate_limit_per_second: 2 },
      { headers: { 'X-A': 'a' } },
    ];
    const answers = await Promise.all(changes.map((change) => key.patch(at, change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await key.get(at)).body).toMatchObject({
      ordered: true,
      description: 'b',
      rate_limit_per_second: 2,
      headers: ['X-A'],
    });
    expect((await app.stored(id)).version).toBe(5);
  });

  it('takes neither a secret nor anything that is ours', async () => {
    const { key, make } = await app.newSetup();
    const { at, id } = await make();
    for (const field of ['secret', 'disabled_reason', 'health', 'slot', 'version', 'partition', 'org_id']) {
      const refused = await key.patch(at, { [field]: 'a' });
      expect([refused.status, pathsOf(refused)]).toEqual([422, [field]]);
    }
    expect((await app.stored(id)).version).toBe(1);
  });
});

describe('the audit record of endpoints', () => {
  it('says who did what to which fields, and no secret', async () => {
    const { org, make, audit } = await app.newSetup();
    const by = await app.keyOf(org, ['configure'], { acts_as: { id: 'ana', name: 'Ana' } });
    const { at, id } = await make({ headers: { 'X-A': 'canary-value' } });
    await by.patch(at, { description: 'Of May', headers: { 'X-A': 'canary-other' } });
    await by.post(`${at}/rotate-secret`);
    await by.del(at);
    const entries = await audit();
    const subject = { type: 'webhook', id, name: 'receiver.example' };
    const actor = { id: 'ana', name: 'Ana' };
    expect(entries).toMatchObject([
      { action: 'webhook.created', subject, changed: expect.arrayContaining(['url', 'headers']) as string[] },
      { action: 'webhook.updated', subject, actor, changed: ['description', 'headers.X-A'] },
      { action: 'webhook.rotated', subject, actor, changed: ['secret'] },
      { action: 'webhook.deleted', subject, actor, changed: [] },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/canary|path-token|whsec/);
  });
});
