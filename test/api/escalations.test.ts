import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { linkExample } from '../../src/tickets/links/schema.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { escalationParts, type EscalationParts } from '../support/escalations.js';
import { dataOf, type Api } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';

let app: TestApp;
let parts: EscalationParts;
let org: string;
let path: string;
let raiser: Api;
let reader: Api;
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models }) => {
      parts = escalationParts(models);
      return parts.routes;
    },
  });
  org = await app.newOrg();
  path = `/orgs/${org}/escalations`;
  raiser = await app.keyOf(org, ['ingest']);
  reader = await app.keyOf(org, ['read']);
});
afterAll(() => app.close());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('raising an escalation', () => {
  it('takes a title and a severity, and answers the whole escalation', async () => {
    const { status, body } = await raiser.post(path, { title: 'Data left the region', severity: 'high' });
    expect(status).toBe(201);
    const id = body.id as string;
    expect(body).toEqual({
      id: expect.stringMatching(/^esc_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      org_id: org,
      kind: 'review',
      status: 'open',
      severity: 'high',
      title: 'Data left the region',
      reason: null,
      gateway: null,
      actor: null,
      context: null,
      policy: null,
      event_id: null,
      source_id: null,
      claimed_by: null,
      claimed_at: null,
      resolution: null,
      resolved_by: null,
      resolved_at: null,
      notes: [],
      sla: { acknowledge_due_at: null, resolve_due_at: null, breached: null },
      review_url: `http://drawbridge.test/escalations/${id}/review`,
      ticket: null,
      workflow: {
        id: `escalation/${org}/${id}`,
        url: `http://ui.test/namespaces/default/workflows/${encodeURIComponent(`escalation/${org}/${id}`)}`,
      },
      created_at: time,
      updated_at: body.created_at as string,
    });
    expect((await reader.get(`${path}/${id}`)).body).toEqual(body);
  });

  it('keeps every field as it was given, hostile ones as well', async () => {
    const given = {
      title: '$where: {{x}} <b>&\u0000"',
      severity: 'critical',
      kind: 'approval',
      reason: '<!channel> \u202e @here\n\n`rm -rf`',
      gateway: { id: '$ne', name: '../../etc', environment: '<script>' },
      actor: { id: "' or 1=1", name: '🦆', email: 'a@b', type: '__proto__' },
      source_id: '{"$gt":""}',
      review_url: 'https://queue.example/r/1?a=b',
    };
    const context = '{"$set":{"a.b":1},"__proto__":{"admin":true},"constructor":{},"list":[null,{"":""}]}';
    const raw = `${JSON.stringify(given).slice(0, -1)},"context":${context}}`;
    const { status, body } = await raiser.post(path, raw);
    expect([status, body]).toEqual([201, expect.objectContaining(given)]);
    const found = await reader.get(`${path}/${String(body.id)}`);
    expect(JSON.stringify(found.body.context)).toBe(context);
    expect(found.body).toEqual(body);
    const due = (minutes: number) => new Date(Date.parse(body.created_at as string) + minutes * 60_000).toISOString();
    expect(body.sla).toEqual({ acknowledge_due_at: due(15), resolve_due_at: due(60), breached: null });
  });

  it('takes null for what may be left out', async () => {
    const nulls = { reason: null, kind: null, gateway: null, actor: null, context: null, source_id: null };
    const made = await raiser.post(path, { title: 'A', severity: 'low', review_url: null, ...nulls });
    expect(made.body).toMatchObject({ ...nulls, kind: 'review', status: 'open' });
    const partly = await raiser.post(path, { title: 'A', severity: 'low', gateway: { id: 'gw' }, actor: {} });
    expect(partly.body.gateway).toEqual({ id: 'gw', name: null, environment: null });
    expect(partly.body.actor).toEqual({ id: null, name: null, email: null, type: null });
  });

  it.each<[string, object]>([
    ['title', { title: '' }],
    ['title', { title: 'x'.repeat(501) }],
    ['title', { title: { $ne: '' } }],
    ['title', { title: null }],
    ['severity', { severity: 'fatal' }],
    ['severity', { severity: null }],
    ['kind', { kind: 'fax' }],
    ['reason', { reason: 'x'.repeat(10_001) }],
    ['gateway.id', { gateway: { name: 'A' } }],
    ['gateway.id', { gateway: { id: 'x'.repeat(201) } }],
    ['gateway.$where', { gateway: { id: 'a', $where: '1' } }],
    ['actor.email', { actor: { email: 'x'.repeat(321) } }],
    ['actor.name', { actor: { name: 'x'.repeat(201) } }],
    ['context', { context: 'text' }],
    ['context', { context: [1] }],
    ['context', { context: { text: 'x'.repeat(65_536) } }],
    ['source_id', { source_id: '' }],
    ['source_id', { source_id: 'x'.repeat(256) }],
    ['review_url', { review_url: 'javascript:alert(1)' }],
    ['review_url', { review_url: 'https://user:pass@example.com/' }],
    ['review_url', { review_url: 'https://example.com/a b' }],
    ['review_url', { review_url: `https://example.com/${'x'.repeat(2000)}` }],
    ['policy', { policy: { id: 'p', name: 'P' } }],
    ['status', { status: 'resolved' }],
    ['id', { id: 'esc_1' }],
  ])('refuses a wrong %s, and says where: %j', async (where, wrong) => {
    const { status, body } = await raiser.post(path, { title: 'A', severity: 'low', ...wrong });
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect((body.errors as { path: string }[]).map((error) => error.path)).toEqual([where]);
  });

  it('refuses a context that is nested beyond reason, however deep', async () => {
    for (const levels of [501, 60_000]) {
      const context = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      const { status, body } = await raiser.post(path, `{"title":"A","severity":"low","context":${context}}`);
      expect([status, body.errors]).toEqual([
        422,
        [{ path: 'context', message: 'must not nest more than 500 levels' }],
      ]);
    }
  });

  it('is one escalation for one source_id, also of two calls at once', async () => {
    const input = { title: 'A', severity: 'low', source_id: 'their-1' };
    const both = await Promise.all([raiser.post(path, input), raiser.post(path, { ...input, title: 'B' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(both[0].body).toEqual(both[1].body);
    const again = await raiser.post(path, { ...input, severity: 'critical' });
    expect([again.status, again.body]).toEqual([200, both[0].body]);
    const other = await app.newOrg();
    const elsewhere = await (await app.keyOf(other, ['ingest'])).post(`/orgs/${other}/escalations`, input);
    expect(elsewhere.status).toBe(201);
  });

  it('is one escalation for one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'raise-1' };
    const first = await raiser.post(path, { title: 'A', severity: 'low' }, key);
    const again = await raiser.post(path, { title: 'A', severity: 'low' }, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await parts.store.escalations.countDocuments({ dedupe_key: first.body.id as string })).toBe(1);
  });
});

describe('escalations', () => {
  it('show their tickets, of a page by one question', async () => {
    const own = await app.newOrg();
    const at = `/orgs/${own}/escalations`;
    const ids: string[] = [];
    for (const title of ['A', 'B']) {
      ids.push((await app.admin.post(at, { title, severity: 'low' })).body.id as string);
    }
    parts.tickets.known.set(ids[0] ?? '', { ...linkExample, id: 'tkt_1' });
    parts.tickets.asked.length = 0;
    const listed = dataOf(await app.admin.get(at));
    expect(parts.tickets.asked).toHaveLength(1);
    expect(new Map(listed.map(({ id, ticket }) => [id, ticket]))).toEqual(
      new Map<unknown, unknown>([
        [ids[0], { ...linkExample, id: 'tkt_1' }],
        [ids[1], null],
      ]),
    );
    expect((await app.admin.get(`${at}/${ids[0] ?? ''}`)).body.ticket).toEqual({ ...linkExample, id: 'tkt_1' });
    parts.tickets.asked.length = 0;
    expect((await app.admin.get(`${at}?status=claimed`)).body).toEqual({ data: [], next_cursor: null });
    expect(parts.tickets.asked).toEqual([]);
  });

  it('show nothing of what the machinery keeps', async () => {
    const { body } = await raiser.post(path, { title: 'A', severity: 'low' });
    const inside = ['words', 'terms', 'history', 'dedupe_key', 'last_seq', 'applied_seq', 'ring_after', 'source'];
    for (const shown of [body, (await reader.get(path)).body.data[0]]) {
      expect(Object.keys(shown as object).filter((key) => inside.includes(key))).toEqual([]);
    }
  });

  it('are described', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    const raise = document.paths?.['/api/v1/orgs/{org}/escalations']?.post;
    expect(raise?.description).toContain('`ingest` or `configure`');
    expect(document.components?.schemas?.EscalationCreate).toMatchObject({
      required: ['title', 'severity'],
      additionalProperties: false,
    });
  });
});
