import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { api, dataOf, type Api, type ApiAnswer } from '../support/http.js';
import { adminKey, openProduct, type Product, type RunningApi } from '../support/product.js';

let product: Product;
let running: RunningApi;
let admin: Api;
let entries: mongoose.mongo.Collection<{ _id: string } & Record<string, unknown>>;
let mongo: mongoose.mongo.MongoClient;

beforeAll(async () => {
  // Without a worker: no call waits for one, and what is accepted stays pending.
  product = openProduct();
  [running, mongo] = await Promise.all([
    product.startApi(),
    mongoose.mongo.MongoClient.connect(product.env.MONGODB_URI ?? ''),
  ]);
  ({ admin } = running);
  entries = mongo.db().collection('audit_entries');
});
afterAll(async () => {
  await product.close();
  await mongo.close();
});

interface Entry {
  id: string;
  seq: number;
  action: string;
  outcome: string;
  actor: Record<string, string>;
  source: Record<string, string | null>;
  subject: { type: string; id: string; name: string | null };
  changed: string[];
  changes: Record<string, { before: unknown; after: unknown }>;
  hash: string;
}

const logOf = async (orgPath: string, query = ''): Promise<Entry[]> =>
  dataOf(await admin.get(`${orgPath}/audit?limit=200${query}`)) as unknown as Entry[];

const secrets = {
  hook: 'a-secret-of-the-tracker-0123456789',
  channel: 'a-secret-of-the-channel-0123456789',
  source: 'a-secret-of-the-source-0123456789',
  chat: 'T000-a-token-in-a-path',
};
const nowhere = 'http://127.0.0.1:9/hook';

/** Calls every route that changes something, once, and keeps what it answered. By operation: `post /orgs/{org}/…`. */
async function callAll(): Promise<{ org: { id: string; path: string }; answers: Map<string, ApiAnswer> }> {
  const answers = new Map<string, ApiAnswer>();
  const org = { id: 'walked', path: '/orgs/walked' };
  const call = async (method: 'post' | 'put' | 'patch' | 'del', pattern: string, url: string, body?: unknown) => {
    const answer = await (method === 'del' ? admin.del(url) : admin[method](url, body));
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${JSON.stringify(answer.body)}`);
    answers.set(`${method === 'del' ? 'delete' : method} /api/v1${pattern}`, answer);
    return answer.body;
  };
  await call('post', '/orgs', '/orgs', { id: org.id, name: 'Walked' });
  await call('patch', '/orgs/{org}', org.path, { name: 'Renamed' });
  const key = await call('post', '/orgs/{org}/api-keys', `${org.path}/api-keys`, { name: 'CI', permissions: ['read'] });
  await call('del', '/orgs/{org}/api-keys/{key_id}', `${org.path}/api-keys/${key.id}`);
  const connections = `${org.path}/connections`;
  const connection = await call('post', '/orgs/{org}/connections', connections, {
    ...{ provider: 'webhook', name: 'Tracker', settings: { url: nowhere }, secrets: { webhook_secret: secrets.hook } },
  });
  const one = `${connections}/${connection.id}`;
  await call('patch', '/orgs/{org}/connections/{id}', one, {
    name: 'Tracker 2',
    secrets: { webhook_secret: `${secrets.hook}2` },
  });
  await call('post', '/orgs/{org}/connections/{id}/test', `${one}/test`);
  await call('del', '/orgs/{org}/connections/{id}', one);
  await call('put', '/orgs/{org}/escalation-routing', `${org.path}/escalation-routing`, { on_resolve: 'close' });
  await call('put', '/orgs/{org}/escalation-policies', `${org.path}/escalation-policies`, {
    policies: [{ name: 'All', match: {}, severity: 'high' }],
  });
  const channels = await call('put', '/orgs/{org}/approvals', `${org.path}/approvals`, {
    channels: [
      { type: 'webhook', name: 'Hook', on: ['created'], url: nowhere, secret: secrets.channel },
      { type: 'slack', name: 'Slack', on: ['created'], url: `http://127.0.0.1:9/services/${secrets.chat}` },
    ],
  });
  await call(
    'post',
    '/orgs/{org}/approvals/{channel_id}/test',
    `${org.path}/approvals/${channels.channels[0].id}/test`,
  );
  const source = await call('post', '/orgs/{org}/sources', `${org.path}/sources`, {
    name: 'Queue',
    secret: secrets.source,
  });
  await call('del', '/orgs/{org}/sources/{id}', `${org.path}/sources/${source.id}`);

  const webhooks = `${org.path}/webhooks`;
  const webhook = await call('post', '/orgs/{org}/webhooks', webhooks, { url: nowhere, events: ['event.created'] });
  const hook = `${webhooks}/${webhook.id}`;
  await call('post', '/orgs/{org}/webhooks/{id}/rotate-secret', `${hook}/rotate-secret`, {});
  await call('post', '/orgs/{org}/webhooks/{id}/test', `${hook}/test`, {});
  await call('post', '/orgs/{org}/events', `${org.path}/events`, { type: 'event.created', data: {} });
  const [delivery] = dataOf(await admin.get(`${hook}/deliveries?status=pending`));
  await call(
    'post',
    '/orgs/{org}/webhooks/{id}/deliveries/{delivery_id}/cancel',
    `${hook}/deliveries/${String(delivery?.id)}/cancel`,
  );
  await call(
    'post',
    '/orgs/{org}/webhooks/{id}/deliveries/{delivery_id}/resend',
    `${hook}/deliveries/${String(delivery?.id)}/resend`,
  );
  await call('post', '/orgs/{org}/webhooks/{id}/recover', `${hook}/recover`, {
    since: new Date(Date.now() - 60_000).toISOString(),
  });
  await call('patch', '/orgs/{org}/webhooks/{id}', hook, { enabled: false, url: `${nowhere}/2` });
  await call('del', '/orgs/{org}/webhooks/{id}', hook);

  const walkTicket = async (pattern: string, subject: string) => {
    await call('post', `${pattern}/comments`, `${subject}/comments`, { body: 'A remark' });
    await call('post', `${pattern}/ticket`, `${subject}/ticket`);
    await call('post', `${pattern}/ticket/close`, `${subject}/ticket/close`);
    await call('del', `${pattern}/ticket`, `${subject}/ticket`);
  };
  const requests = `${org.path}/evidence-requests`;
  const request = await call('post', '/orgs/{org}/evidence-requests', requests, { title: 'Logs' });
  await call('patch', '/orgs/{org}/evidence-requests/{id}', `${requests}/${request.id}`, { status: 'accepted' });
  await walkTicket('/orgs/{org}/evidence-requests/{id}', `${requests}/${request.id}`);
  const escalations = `${org.path}/escalations`;
  const raised = await call('post', '/orgs/{org}/escalations', escalations, { title: 'Risky', severity: 'low' });
  const escalation = `${escalations}/${raised.id}`;
  for (const [action, body] of [
    ['claim', undefined],
    ['release', undefined],
    ['claim', undefined],
    ['notes', { body: 'Hm' }],
    ['resolve', { resolution: 'approved' }],
  ] as const) {
    await call('post', `/orgs/{org}/escalations/{id}/${action}`, `${escalation}/${action}`, body);
  }
  await walkTicket('/orgs/{org}/escalations/{id}', escalation);
  return { org, answers };
}

describe('the audit log', () => {
  let org: { id: string; path: string };
  let answers: Map<string, ApiAnswer>;
  beforeAll(async () => {
    ({ org, answers } = await callAll());
  }, 60_000);

  it('has an entry of every call of every route that changes something, with who, from where and in which request', async () => {
    const { body: document } = await api(running.url).get('/openapi.json');
    const operations = Object.entries(document.paths as Record<string, Record<string, { 'x-audit'?: string | null }>>)
      .flatMap(([pattern, methods]) =>
        Object.entries(methods).map(([method, { 'x-audit': action }]) => ({
          name: `${method} ${pattern}`,
          method,
          action,
        })),
      )
      .filter(({ method }) => method !== 'get');
    // A new route has to declare what it leaves, and to be walked here.
    expect(operations.filter(({ action }) => action === undefined)).toEqual([]);
    const audited = operations.filter(({ action }) => action !== null);
    expect(audited.map(({ name }) => name).filter((name) => !answers.has(name))).toEqual([]);
    const byRequest = new Map((await logOf(org.path)).map((entry) => [entry.source.request_id, entry]));
    for (const { name, action } of operations) {
      const answer = answers.get(name);
      if (!answer) continue;
      const entry = byRequest.get(answer.headers.get('x-request-id'));
      if (action === null) expect({ name, entry }).toEqual({ name, entry: undefined });
      else {
        const types =
          name.includes('evidence-requests/{id}') && action === 'evidence_request.updated'
            ? ['evidence_request.accepted']
            : [action];
        expect({ name, action: types.includes(entry?.action ?? '') ? 'as declared' : entry?.action }).toEqual({
          name,
          action: 'as declared',
        });
        expect(entry).toMatchObject({
          actor: { id: 'admin', via: 'admin' },
          source: { kind: 'api', address: '127.0.0.1' },
          outcome: 'succeeded',
        });
      }
    }
  });

  it('says what was before and after, and of secrets only that they changed', async () => {
    const log = await logOf(org.path);
    const of = (action: string) => log.find((entry) => entry.action === action);
    expect(of('org.updated')).toMatchObject({ changes: { name: { before: 'Walked', after: 'Renamed' } } });
    expect(of('evidence_request.accepted')).toMatchObject({
      changes: { status: { before: 'open', after: 'accepted' } },
    });
    expect(of('escalation.resolved')?.changes.status).toMatchObject({ after: 'resolved' });
    expect(of('connection.updated')).toMatchObject({
      changed: expect.arrayContaining(['name', 'secrets.webhook_secret']) as unknown,
      changes: { name: { before: 'Tracker', after: 'Tracker 2' } },
    });
    expect(of('webhook.deleted')?.changes.enabled).toEqual({ before: false, after: null });
    expect(of('webhook.updated')?.changed).toEqual(expect.arrayContaining(['url', 'enabled']));
    expect(of('ticket.unlinked')?.subject.type).toBe('ticket');
    const stored = JSON.stringify([
      await entries.find().toArray(),
      await mongo.db().collection('audit_intents').find().toArray(),
    ]);
    const shown = [...answers.values()].flatMap(({ body }) => [body.key, body.secret, body.webhook_secret]);
    for (const secret of [...Object.values(secrets), ...shown.filter((text) => typeof text === 'string')]) {
      expect(stored).not.toContain(secret);
    }
  });

  it('is found by action, type, actor, subject, outcome, request and time', async () => {
    const all = await logOf(org.path);
    const [newest] = all;
    const matching = async (query: string) => (await logOf(org.path, `&${query}`)).map(({ id }) => id);
    const ids = (test: (entry: Entry) => boolean) => all.filter(test).map(({ id }) => id);
    expect(await matching('action=webhook.updated')).toEqual(ids(({ action }) => action === 'webhook.updated'));
    expect(await matching('action=webhook.')).toEqual(ids(({ action }) => action.startsWith('webhook.')));
    expect(await matching(`subject=${newest?.subject.id}`)).toEqual(
      ids(({ subject }) => subject.id === newest?.subject.id),
    );
    expect(await matching(`request_id=${newest?.source.request_id}`)).toEqual([newest?.id]);
    expect(await matching('actor=somebody')).toEqual([]);
    expect(await matching('outcome=failed')).toEqual([]);
    expect(await matching('since=2020-01-01T00:00:00Z')).toHaveLength(all.length);
    expect(await matching('until=2020-01-01T00:00:00Z')).toEqual([]);
    const [first, second] = [
      await admin.get(`${org.path}/audit?limit=5`),
      await admin.get(`${org.path}/audit?limit=5`),
    ];
    expect(first.body.data).toEqual(second.body.data);
    const next = await admin.get(`${org.path}/audit?limit=5&cursor=${first.body.next_cursor}`);
    expect(dataOf(next).map(({ id }) => id)).toEqual(all.slice(5, 10).map(({ id }) => id));
  });

  it('leaves no entry of what is refused, or changes nothing', async () => {
    const before = (await logOf(org.path)).length;
    expect((await admin.patch(`${org.path}/webhooks/wh_0`, { enabled: false })).status).toBe(404);
    expect((await admin.patch(org.path, { name: '' })).status).toBe(422);
    expect((await admin.patch(org.path, { name: 'Renamed' })).status).toBe(200);
    expect((await admin.post('/orgs', { id: org.id, name: 'Again' })).status).toBe(409);
    expect((await logOf(org.path)).length).toBe(before);
    await eventually(
      () => mongo.db().collection('audit_intents').countDocuments(),
      (left) => left === 0,
    );
  });

  it('is exported as JSON lines whose hashes anybody can compute', async () => {
    const { body, headers } = await admin.get(`${org.path}/audit/export`);
    expect(headers.get('content-type')).toContain('text/plain');
    const lines = String(body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry & { prev_hash: string });
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    let previous = '0'.repeat(64);
    for (const { hash, ...entry } of lines) {
      expect(entry.prev_hash).toBe(previous);
      expect(createHash('sha256').update(canonicalJson(entry)).digest('hex')).toBe(hash);
      previous = hash;
    }
    expect((await admin.get(`${org.path}/audit/verify`)).body).toMatchObject({
      ok: true,
      checked: lines.length,
      head: { hash: previous },
    });
  });

  it('is exported as CSV in which nothing is a formula', async () => {
    const other = await makeOrg(admin);
    for (const name of ['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)', '\t=1', 'a "quoted", name']) {
      await admin.patch(other.path, { name });
    }
    const { body, headers } = await admin.get(`${other.path}/audit/export?format=csv`);
    expect(headers.get('content-type')).toContain('text/csv');
    const rows = String(body).trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/^seq,id,at,/);
    expect(rows).toHaveLength(8);
    expect(rows[2]).toContain('"\'=HYPERLINK(""http://evil.example"")"');
    expect(String(body)).not.toMatch(/(^|,)"?\s*[=+@-]/m);
  });

  it('shows entries that were changed, removed or cut off', async () => {
    const other = await makeOrg(admin);
    for (const name of ['B', 'C', 'D', 'E']) await admin.patch(other.path, { name });
    const verify = async (query = '') => (await admin.get(`${other.path}/audit/verify${query}`)).body;
    const { head } = await verify();
    expect(head.seq).toBe(5);
    const place = (seq: number) => ({ org_id: other.id, seq });
    const third = await entries.findOne(place(3));
    await entries.updateOne(place(3), { $set: { 'actor.name': 'Somebody else' } });
    expect((await verify()).faults).toEqual([{ seq: 3, id: third?._id, problem: 'hash_mismatch' }]);
    await entries.deleteOne(place(3));
    expect((await verify()).faults).toEqual([{ seq: 3, id: null, problem: 'missing' }]);
    if (third) await entries.insertOne(third);
    expect(await verify()).toMatchObject({ ok: true, faults: [] });
    const fifth = await entries.findOne(place(5));
    await entries.deleteOne(place(5));
    // The chain alone can't show this, a hash that was noted elsewhere does.
    expect((await verify()).ok).toBe(true);
    expect(await verify(`?anchor_seq=5&anchor_hash=${head.hash}`)).toMatchObject({
      ok: false,
      faults: [{ seq: 5, id: null, problem: 'anchor_mismatch' }],
    });
    if (fifth) await entries.insertOne(fifth);
    expect((await verify(`?anchor_seq=5&anchor_hash=${head.hash}`)).ok).toBe(true);
  });

  it('stays one chain when several processes append at once', async () => {
    const other = await makeOrg(admin);
    const second = await product.startApi();
    const writers = [admin, second.admin].flatMap((client) => Array.from({ length: 4 }, (_, n) => ({ client, n })));
    await Promise.all(
      writers.map(async ({ client, n }) => {
        for (let i = 0; i < 5; i++) await client.post(`${other.path}/evidence-requests`, { title: `${n} ${i}` });
      }),
    );
    await second.stop();
    expect((await admin.get(`${other.path}/audit/verify`)).body).toMatchObject({ ok: true, checked: 41 });
  });

  it('takes entries of versions that had no chain into it', async () => {
    const other = await makeOrg(admin);
    const old = {
      org_id: other.id,
      at: new Date('2026-01-01'),
      actor: { id: 'a', name: 'A', via: 'admin' },
      action: 'api_key.created',
      subject: { type: 'api_key', id: 'key_1', name: null },
      changed: [],
    };
    await entries.insertMany([1, 2].map((n) => ({ ...old, _id: `aud_0000000000000000000000000${n}` })));
    const next = await product.startApi();
    const { body } = await eventually(
      () => next.admin.get(`${other.path}/audit/verify`),
      ({ body: { checked } }) => checked === 3,
    );
    expect(body.ok).toBe(true);
    await next.stop();
  });

  it('has the use of a revoked key, in the log of its org', async () => {
    const made = (await admin.post(`${org.path}/api-keys`, { name: 'Leaked', permissions: ['read'] })).body;
    await admin.del(`${org.path}/api-keys/${made.id}`);
    const leaked = api(`${running.url}/api/v1`, made.key);
    for (let i = 0; i < 3; i++) expect((await leaked.get('/whoami')).status).toBe(401);
    const used = await eventually(
      () => logOf(org.path, '&action=api_key.used_after_revocation'),
      (found) => found.length > 0,
    );
    expect(used).toHaveLength(1);
    expect(used[0]).toMatchObject({
      outcome: 'refused',
      actor: { id: made.id, name: 'Leaked' },
      source: { address: '127.0.0.1' },
    });
  });

  describe('of the console', () => {
    const form = async (at: string, fields: Record<string, string>, cookie = '') => {
      const response = await fetch(`${running.url}${at}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Origin: running.url, Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      });
      const [set = ''] = response.headers.getSetCookie();
      return { status: response.status, cookie: set.split(';')[0] ?? '', to: response.headers.get('location') };
    };
    const tokenOn = async (at: string, cookie: string) => {
      const html = await (await fetch(`${running.url}${at}`, { headers: { Cookie: cookie } })).text();
      return /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? '';
    };

    it('has sign-ins, switches of the org, changes and sign-outs, with the session', async () => {
      const other = await makeOrg(admin);
      const { cookie } = await form('/login', { key: adminKey, person: 'Ada' });
      const _token = await tokenOn('/orgs', cookie);
      expect((await form('/orgs/choose', { org: other.id, _token }, cookie)).status).toBe(303);
      const { to } = await form('/evidence-requests', { title: 'Logs', description: '', _token }, cookie);
      expect((await form(`${String(to)}/status`, { status: 'rejected', _token }, cookie)).status).toBe(303);
      expect((await form('/logout', { _token }, cookie)).status).toBe(303);
      const [, ...log] = (await logOf(other.path)).reverse();
      const session = log[0]?.source.session;
      expect(session).toMatch(/^.{12}$/);
      const common = { actor: { id: 'Ada', via: 'admin' }, source: { kind: 'console', address: '127.0.0.1', session } };
      const id = String(to).split('/').at(-1);
      expect(log).toMatchObject([
        { ...common, action: 'session.switched', subject: { type: 'org', id: other.id } },
        { ...common, action: 'evidence_request.created', subject: { id, name: 'Logs' } },
        { ...common, action: 'evidence_request.rejected', changes: { status: { before: 'open', after: 'rejected' } } },
        { ...common, action: 'session.ended' },
      ]);
      const { body } = await admin.get('/audit?limit=200&actor=Ada');
      expect(body.data).toMatchObject([{ action: 'session.started', subject: { type: 'session', id: session } }]);
    });

    it('has refused sign-ins: of a known key in the log of its org, of an unknown one in the log of none', async () => {
      const other = await makeOrg(admin);
      const made = (await admin.post(`${other.path}/api-keys`, { name: 'Old', permissions: ['read'] })).body;
      expect((await form('/login', { key: made.key, person: 'Eve' })).status).toBe(403);
      await admin.del(`${other.path}/api-keys/${made.id}`);
      expect((await form('/login', { key: made.key, person: '' })).status).toBe(401);
      expect((await form('/login', { key: 'guessed', person: '' })).status).toBe(401);
      const refused = {
        action: 'session.refused',
        outcome: 'refused',
        source: { kind: 'console', address: '127.0.0.1' },
      };
      const known = { ...refused, actor: { id: made.id, name: 'Old' } };
      expect(await logOf(other.path, '&action=session.')).toMatchObject([known, known]);
      const { body } = await admin.get('/audit?action=session.refused');
      expect(body.data[0]).toMatchObject({ ...refused, actor: { id: 'unknown' } });
      expect(JSON.stringify(body)).not.toContain('guessed');
    });
  });
});
