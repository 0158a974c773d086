import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import type { ApiAnswer } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';
import { pathsOf, startSettings, type SettingsHarness } from './escalation-settings-harness.js';

let app: SettingsHarness['app'];
let settings: SettingsHarness['settings'];
let harness: SettingsHarness;
beforeAll(async () => {
  harness = await startSettings();
  ({ app, settings } = harness);
});
afterAll(() => app.close());

const newSetup = () => harness.newSetup('escalation-policies');
const policy = (more: object = {}) => ({ name: 'Risky', match: { risk: { $gte: 80 } }, severity: 'high', ...more });
const policiesOf = (answer: ApiAnswer) => answer.body.policies as Record<string, unknown>[];
const nested = (levels: number): unknown => (levels === 0 ? { a: 1 } : { $and: [nested(levels - 1)] });

describe('escalation policies', () => {
  it('are none before they are set, and then as they were set, in their order', async () => {
    const { get, put } = await newSetup();
    const empty = await get();
    expect([empty.status, empty.body, empty.headers.get('etag')]).toEqual([200, { policies: [] }, '"0"']);
    const full = { id: 'mine', enabled: false, title: 'T', kind: 'approval' };
    const made = await put({ policies: [policy({ name: 'z' }), policy(full), policy({ title: null, name: 'a' })] });
    expect(made.status).toBe(200);
    const id = expect.stringMatching(/^pol_[0-9A-HJKMNP-TV-Z]{26}$/) as string;
    expect(made.body).toEqual({
      policies: [
        { ...policy({ name: 'z' }), id, enabled: true, title: null, kind: 'review' },
        policy(full),
        { ...policy({ name: 'a' }), id, enabled: true, title: null, kind: 'review' },
      ],
    });
    const read = await get();
    expect([read.body, read.headers.get('etag')]).toEqual([made.body, made.headers.get('etag')]);
    const again = await put(read.body);
    expect([again.body, again.headers.get('etag')]).toEqual([made.body, '"2"']);
  });

  it('may be a hundred, and have ids of a caller’s own', async () => {
    const { put } = await newSetup();
    const many = (count: number) => Array.from({ length: count }, (_, index) => policy({ id: `p.${index}-x_` }));
    expect((await put({ policies: many(100) })).status).toBe(200);
    expect(pathsOf(await put({ policies: many(101) }))).toEqual(['policies']);
  });

  it('come back as they went in, whatever their fields are called', async () => {
    const { org, get, put } = await newSetup();
    const text = `{"policies":[{"id":"__proto__","name":"$where","severity":"low","match":
      {"a.$where":"$ne","a.b.$gt":{"$in":["$function","__proto__",null,true,-1.5e300]},"toJSON":1,"hasOwnProperty":{"$exists":true},
       "0":"x","\\u0000":"\\ud800","$or":[{" ":""},{}]}}]}`;
    const sent = JSON.parse(text) as { policies: object[] };
    expect((await put(text)).status).toBe(200);
    expect(policiesOf(await get())).toEqual([{ ...sent.policies[0], enabled: true, title: null, kind: 'review' }]);
    const stored = await app.connection.collection('escalation_policies').findOne({ _id: org as never });
    const [kept] = (stored as unknown as { policies: { match: unknown }[] }).policies;
    expect(typeof kept?.match).toBe('string');
  });

  it.each<[string, unknown, string]>([
    ['$where', { match: { $where: 'while(true){}' } }, '.match.$where'],
    ['$function', { match: { $expr: { $function: { body: 'x' } } } }, '.match.$expr'],
    ['$function in a field', { match: { a: { $function: { body: 'x' } } } }, '.match.a.$function'],
    ['$regex', { match: { a: { $regex: '(a+)+$' } } }, '.match.a.$regex'],
    ['$regex far below', { match: { $or: [{ a: { $not: { $regex: 'x' } } }] } }, '.match.$or[0].a.$not.$regex'],
    ['too many levels', { match: nested(10) }, '.match.$and[0].$and[0].$and[0].$and[0]'],
    ['101 nodes', { match: { a: { $in: Array.from({ length: 98 }, (_, i) => i) } } }, '.match'],
    ['a huge text', { match: { a: 'x'.repeat(1001) } }, '.match.a'],
    ['a huge name', { match: { ['a'.repeat(1001)]: 1 } }, `.match.${'a'.repeat(100)}`],
    ['no match', { match: undefined }, '.match'],
    ['a list', { match: [] }, '.match'],
    ['a path into a prototype', { match: { 'a.__proto__.b': 1 } }, '.match.a.__proto__.b'],
    ['an unknown severity', { severity: 'fatal' }, '.severity'],
    ['no severity', { severity: undefined }, '.severity'],
    ['no name', { name: '' }, '.name'],
    ['a long name', { name: 'x'.repeat(201) }, '.name'],
    ['a long title', { title: 'x'.repeat(501) }, '.title'],
    ['an unknown kind', { kind: 'other' }, '.kind'],
    ['an id of other characters', { id: 'a b' }, '.id'],
    ['an id that is too long', { id: 'x'.repeat(65) }, '.id'],
    ['an unknown field', { $where: 'x' }, '.$where'],
  ])('are refused with %s, and nothing changes', async (_, wrong, path) => {
    const { get, put, changes } = await newSetup();
    await put({ policies: [policy({ id: 'kept' })] });
    const before = await get();
    const answer = await put({ policies: [policy(), policy(wrong as object)] });
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(pathsOf(answer)).toEqual([`policies[1]${path}`]);
    const after = await get();
    expect([after.body, after.headers.get('etag')]).toEqual([before.body, '"1"']);
    expect(await changes()).toHaveLength(1);
  });

  it('are refused with keys that reach a prototype, and with more nodes than allowed', async () => {
    const { put } = await newSetup();
    const raw = (match: string) => put(`{"policies":[{"name":"x","severity":"low","match":${match}}]}`);
    expect(pathsOf(await raw('{"__proto__":{"a":1}}'))).toEqual(['policies[0].match.__proto__']);
    expect(pathsOf(await raw('{"a":{"__proto__":1}}'))).toEqual(['policies[0].match.a.__proto__']);
    const deep = await raw(`${'{"$and":['.repeat(20_000)}1${']}'.repeat(20_000)}`);
    expect(pathsOf(deep)).toHaveLength(1);
    expect((await raw(`{"a":{"$in":[${'1,'.repeat(100_000)}1]}}`)).status).toBe(422);
  });

  it('are refused when two have one id; and a hundred bad ones are answered briefly', async () => {
    const { put } = await newSetup();
    const twice = await put({ policies: [policy({ id: 'one' }), policy(), policy({ id: 'one' })] });
    expect(twice.body.errors).toEqual([{ path: 'policies[2].id', message: 'is given twice' }]);
    const operators = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`$${index}`, 1]));
    const all = await put({ policies: Array.from({ length: 100 }, () => policy({ match: operators })) });
    expect([all.status, pathsOf(all).length]).toEqual([422, 100]);
  });

  it('are read with read, and replaced with configure', async () => {
    const { org } = await newSetup();
    const path = `/orgs/${org}/escalation-policies`;
    const reader = await app.keyOf(org, ['read', 'review', 'ingest']);
    expect((await reader.get(path)).status).toBe(200);
    expect((await reader.put(path, { policies: [] })).status).toBe(403);
    const stranger = (await newSetup()).key;
    expect((await stranger.get(path)).status).toBe(404);
    expect((await stranger.put(path, { policies: [] })).status).toBe(404);
  });

  it('leave an audit record of which fields changed, and how', async () => {
    const { org, key, put, changes } = await newSetup();
    const [a, b] = [policy({ id: 'a' }), policy({ id: 'b' })];
    await put({ policies: [a, b] });
    await put({ policies: [{ ...a, match: { canary: 1 }, enabled: false }, b] });
    await put({ policies: [b, { ...a, match: { canary: 1 }, enabled: false }] });
    await put({ policies: [policy({ id: 'c' }), b] });
    expect(await changes()).toEqual([
      ['policies.a', 'policies.b'],
      ['policies.a.enabled', 'policies.a.match'],
      ['policies'],
      ['policies.c', 'policies.a'],
    ]);
    const audit = await key.get(`/orgs/${org}/audit`);
    expect(audit.body.data[0].changes.policies.before).toMatchObject([{ id: 'b' }, { id: 'a', match: { canary: 1 } }]);
    expect(audit.body.data[0].subject).toEqual({ type: 'escalation_policies', id: org, name: null });
  });
});

describe('the ETag of escalation policies', () => {
  it('changes with each PUT, and a stale If-Match is refused', async () => {
    const { get, put } = await newSetup();
    const first = await put({ policies: [policy()] }, { 'If-Match': '"0"' });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"1"']);
    const stale = await put({ policies: [] }, { 'If-Match': '"0"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect(policiesOf(await get())).toHaveLength(1);
    expect((await put({ policies: [] }, { 'If-Match': '*' })).headers.get('etag')).toBe('"2"');
  });

  it('lets one of two writers at once through, and without it neither is lost', async () => {
    const { get, put } = await newSetup();
    for (const from of [0, 1]) {
      const headers = { 'If-Match': `"${from}"` };
      const race = await Promise.all([1, 2].map((n) => put({ policies: [policy({ id: `w${n}` })] }, headers)));
      expect(race.map(({ status }) => status).sort()).toEqual([200, 412]);
      expect((await get()).body).toEqual(race.find(({ status }) => status === 200)?.body);
    }
    const free = await Promise.all([1, 2].map((n) => put({ policies: [policy({ id: `w${n}` })] })));
    expect(free.map(({ headers }) => headers.get('etag')).sort()).toEqual(['"3"', '"4"']);
  });
});

describe('what finds an event’s policy', () => {
  it('asks the policies in their order, and is another one as soon as they change', async () => {
    const { org, put } = await newSetup();
    const found = async (data: unknown) => (await settings.policies.finderOf(org))(data)?.id ?? null;
    expect(await found({ risk: 90 })).toBeNull();
    const off = policy({ id: 'off', enabled: false });
    await put({ policies: [off, policy({ id: 'first', match: { risk: { $gt: 95 } } }), policy({ id: 'second' })] });
    expect(await found({ risk: 90 })).toBe('second');
    expect(await found({ risk: 99 })).toBe('first');
    expect(await settings.policies.finderOf(org)).toBe(await settings.policies.finderOf(org));
    await put({ policies: [policy({ id: 'third', title: 'Look', kind: 'approval' })] });
    expect((await settings.policies.finderOf(org))({ risk: 90 })).toEqual({
      id: 'third',
      ...policy({ title: 'Look', kind: 'approval', enabled: true }),
    });
    expect((await settings.policies.finderOf('another'))({ risk: 90 })).toBeNull();
  });
});

describe('policies and routing', () => {
  it('are described, ETag and all', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    for (const name of ['escalation-policies', 'escalation-routing']) {
      const { put } = document.paths?.[`/api/v1/orgs/{org}/${name}`] ?? {};
      expect(JSON.stringify(put?.parameters)).toContain('parameters/IfMatch');
    }
    expect(document.components?.schemas?.EscalationPolicyInput).toMatchObject({
      required: ['name', 'match', 'severity'],
      properties: { match: { type: 'object', additionalProperties: true } },
    });
  });
});
