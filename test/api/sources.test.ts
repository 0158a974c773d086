import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/http/problem.js';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { claim, resolve } from '../../src/escalations/transitions.js';
import { signBody } from '../../src/lib/signature.js';
import { dataOf } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';
import {
  createdEvent,
  makeSource,
  pathsOf,
  resolvedEvent,
  startSourcesApp,
  type SourcesApp,
} from './sources-harness.js';

let app: SourcesApp;
beforeAll(async () => {
  app = await startSourcesApp();
});
afterAll(() => app.close());

async function newSetup() {
  const org = await app.newOrg();
  return { org, path: `/orgs/${org}/sources`, key: await app.keyOf(org, ['configure']) };
}

const stored = async () => JSON.stringify(await app.connection.collection('sources').find().toArray());
const given = 'canary-secret-of-theirs';

describe('a source', () => {
  it('is made with a secret of ours, which is shown this once and verifies', async () => {
    const { org, path, key } = await newSetup();
    const made = await key.post(path, { name: 'Their queue' });
    const { secret, ...shown } = made.body as Record<string, string>;
    expect(made.status).toBe(201);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^src_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      org_id: org,
      name: 'Their queue',
      url: `http://drawbridge.test/api/v1/webhooks/sources/${shown.id}`,
      created_at: expect.stringMatching(/Z$/) as string,
    });
    const body = JSON.stringify(createdEvent());
    const headers = { 'X-Keeptrusts-Signature': signBody(body, String(secret)) };
    expect((await app.anonymous.post(`/webhooks/sources/${shown.id}`, body, headers)).status).toBe(200);
    expect((await key.get(`${path}/${shown.id}`)).body).toEqual(shown);
    const everywhere = JSON.stringify([
      (await key.get(path)).body,
      (await key.get(`/orgs/${org}/audit`)).body,
      await stored(),
    ]);
    expect(everywhere).not.toContain(secret);
  });

  it('is made with a secret of theirs, which is never repeated', async () => {
    const { org, path, key } = await newSetup();
    const made = await key.post(path, { name: 'Their queue', secret: given });
    expect([made.status, Object.keys(made.body as object).sort()]).toEqual([
      201,
      ['created_at', 'id', 'name', 'org_id', 'url'],
    ]);
    const audit = await key.get(`/orgs/${org}/audit`);
    expect(JSON.stringify([made.body, (await key.get(path)).body, audit.body, await stored()])).not.toContain(given);
    expect(await stored()).toContain('"v1.');
  });

  it.each<[string, object, string]>([
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'name'],
    ['a secret that is too short', { name: 'x', secret: 'x'.repeat(15) }, 'secret'],
    ['a secret that is too long', { name: 'x', secret: 'x'.repeat(256) }, 'secret'],
    ['a secret with a space', { name: 'x', secret: 'sixteen visible characters' }, 'secret'],
    ['a secret in other letters', { name: 'x', secret: 'sechzehnundmehrß' }, 'secret'],
    ['a secret with a line', { name: 'x', secret: 'sixteen-visible-\n' }, 'secret'],
    ['an empty secret', { name: 'x', secret: '' }, 'secret'],
    ['an unknown field', { name: 'x', $where: '1' }, '$where'],
  ])('is refused with %s', async (_name, body, at) => {
    const { path, key } = await newSetup();
    const refused = await key.post(path, body);
    expect([refused.status, pathsOf(refused)]).toEqual([422, [at]]);
    expect(dataOf(await key.get(path))).toEqual([]);
  });

  it('takes a secret of 16 and of 255 characters', async () => {
    const { path, key } = await newSetup();
    for (const length of [16, 255]) {
      expect((await key.post(path, { name: 'x', secret: '!'.repeat(length) })).status).toBe(201);
    }
  });

  it('is made once for an Idempotency-Key', async () => {
    const { path, key } = await newSetup();
    const headers = { 'Idempotency-Key': 'once' };
    const first = await key.post(path, { name: 'x' }, headers);
    const again = await key.post(path, { name: 'x' }, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(dataOf(await key.get(path))).toHaveLength(1);
  });

  it('has the secret of the answer that arrived, when the first try died before its own', async () => {
    const { path, key } = await newSetup();
    const headers = { 'Idempotency-Key': 'died' };
    const first = await key.post(path, { name: 'x' }, headers);
    const records = app.connection.collection('idempotency_records');
    const died = { state: 'running', answer: null, lease_until: new Date(0) };
    const [record] = await records.find().sort({ created_at: -1 }).limit(1).toArray();
    await records.updateOne({ _id: record?._id }, { $set: died });
    const again = await key.post(path, { name: 'x' }, headers);
    expect(again.body).toEqual({ ...(first.body as object), secret: expect.any(String) as string });
    expect(again.body.secret).not.toBe(first.body.secret);
    expect(dataOf(await key.get(path))).toHaveLength(1);
    const body = JSON.stringify(createdEvent());
    const statuses = [first, again].map(async (made) => {
      const signature = { 'X-Keeptrusts-Signature': signBody(body, String(made.body.secret)) };
      return (await app.anonymous.post(`/webhooks/sources/${String(made.body.id)}`, body, signature)).status;
    });
    expect(await Promise.all(statuses)).toEqual([401, 200]);
  });

  it('is listed newest first, in pages', async () => {
    const { path, key } = await newSetup();
    for (const name of ['a', 'b', 'c']) await key.post(path, { name });
    const first = await key.get(`${path}?limit=2`);
    expect(dataOf(first).map(({ name }) => name)).toEqual(['c', 'b']);
    const next = await key.get(`${path}?limit=2&cursor=${String(first.body.next_cursor)}`);
    expect([dataOf(next).map(({ name }) => name), next.body.next_cursor]).toEqual([['a'], null]);
    expect((await key.get(`${path}?limit=0`)).status).toBe(422);
  });

  it('is for keys that may configure, and not found from another org', async () => {
    const { org, path, key } = await newSetup();
    const id = String((await key.post(path, { name: 'x' })).body.id);
    const weak = await app.keyOf(org, ['read', 'review', 'ingest']);
    const calls = [
      weak.get(path),
      weak.get(`${path}/${id}`),
      weak.post(path, { name: 'x' }),
      weak.del(`${path}/${id}`),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const other = await newSetup();
    for (const at of [`${other.path}/${id}`, `${path}/${id}`]) {
      expect((await other.key.get(at)).status).toBe(404);
      expect((await other.key.del(at)).status).toBe(404);
    }
    expect((await key.get(`${path}/${id}`)).status).toBe(200);
  });

  it('leaves an audit record of its making and its end', async () => {
    const { org, path, key } = await newSetup();
    const id = String((await key.post(path, { name: 'Theirs', secret: given })).body.id);
    expect((await key.del(`${path}/${id}`)).status).toBe(204);
    const entries = dataOf(await key.get(`/orgs/${org}/audit`)).filter(({ action }) =>
      String(action).startsWith('source.'),
    );
    const subject = { type: 'source', id, name: 'Theirs' };
    expect(entries).toMatchObject([
      { action: 'source.deleted', subject, changed: [] },
      { action: 'source.created', subject, changed: ['name', 'secret'] },
    ]);
  });
});

describe('after its end, a source', () => {
  const act = (id: string) => ({ id, by: { id: 'ana', name: 'Ana', via: 'key_1' }, mayConfigure: false });

  it('is not listened to, and is not there any more', async () => {
    const source = await makeSource(app);
    expect((await source.key.del(`/orgs/${source.org}/sources/${source.id}`)).status).toBe(204);
    expect((await source.key.del(`/orgs/${source.org}/sources/${source.id}`)).status).toBe(404);
    const refused = await source.send(createdEvent());
    expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
    expect(await source.escalations()).toEqual([]);
  });

  it('leaves to the reviewers what it has not resolved, and nothing else', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    for (const source_id of ['open', 'resolved']) await source.send(createdEvent({ source_id }));
    await source.send(resolvedEvent({ source_id: 'resolved' }));
    await other.send(createdEvent());
    const [open, resolved, theirs] = await source.escalations();
    const where = { _id: String(open?._id) };
    const code = (decide: ReturnType<typeof claim>) =>
      app.store.change(where, decide).then(
        (changed) => changed?.status,
        (error: unknown) => error instanceof Problem && `${error.status} ${error.code}`,
      );
    expect(await code(claim(act('1')))).toBe('409 decided_at_source');
    expect(await code(resolve(act('2'), 'approved', null))).toBe('409 decided_at_source');
    await source.key.del(`/orgs/${source.org}/sources/${source.id}`);
    expect((await source.escalations()).map((one) => one.source)).toEqual([null, source.id, other.id]);
    expect(await source.escalations()).toEqual([{ ...open, source: null }, resolved, theirs]);
    expect(await code(claim(act('3')))).toBe('claimed');
    expect(await code(resolve(act('4'), 'approved', null))).toBe('resolved');
  });

  it('goes on ending where a crash stopped it, deaf from the first moment', async () => {
    const source = await makeSource(app);
    await source.send(createdEvent());
    await app.connection
      .collection('sources')
      .updateOne({ _id: source.id as never }, { $set: { ended_at: new Date() } });
    expect((await source.send(resolvedEvent())).status).toBe(404);
    expect((await source.key.del(`/orgs/${source.org}/sources/${source.id}`)).status).toBe(204);
    expect((await source.escalations()).map((one) => one.source)).toEqual([null]);
  });

  it('leaves nothing that nobody can decide, when it ends while it raises', async () => {
    const source = await makeSource(app);
    app.hooks.beforeRaise = () => source.key.del(`/orgs/${source.org}/sources/${source.id}`);
    const raised = await source.send(createdEvent());
    app.hooks.beforeRaise = undefined;
    expect(raised.status).toBe(200);
    expect(await source.escalations()).toMatchObject([{ status: 'open', source: null, source_id: 'case-1' }]);
    expect((await source.key.get(`/orgs/${source.org}/sources`)).body).toMatchObject({ data: [] });
  });
});

describe('sources', () => {
  it('are described whole', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    const { SourceEvent } = document.components?.schemas ?? {};
    expect(JSON.stringify(SourceEvent)).toContain('escalation.resolved');
  });
});
