import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestedEventTypes } from '../../src/events/types.js';
import { signBody } from '../../src/lib/signature.js';
import { policy } from '../support/events.js';
import {
  applied,
  createdEvent,
  makeSource,
  pathsOf,
  resolvedEvent,
  startSourcesApp,
  type SourcesApp,
  type TestSource,
} from './sources-harness.js';

let app: SourcesApp;
let limited: SourcesApp;
/** One that nothing is taken from. */
let refusing: TestSource;
beforeAll(async () => {
  [app, limited] = await Promise.all([startSourcesApp(), startSourcesApp({ rateLimitPerSecond: 1_000 })]);
  refusing = await makeSource(app);
});
afterAll(() => Promise.all([app.close(), limited.close()]));

const header = 'X-Keeptrusts-Signature';
const previous = `${header}-Previous`;
const decided = (data: unknown, more = {}) => ({ id: 'evt_1', type: 'event.created', data, ...more });

describe('a signature', () => {
  const body = JSON.stringify(createdEvent());
  type Headers = (right: string, source: TestSource) => Record<string, string>;

  it.each<[string, Headers]>([
    ['missing', () => ({})],
    ['empty', () => ({ [header]: '' })],
    ['of another body', (_, { secret }) => ({ [header]: signBody(`${body} `, secret) })],
    ['with another secret', () => ({ [header]: signBody(body, 'another-secret-of-ours') })],
    ['with an empty secret', () => ({ [header]: signBody(body, '') })],
    ['truncated', (right) => ({ [header]: right.slice(0, -1) })],
    ['with a space inside', (right) => ({ [header]: right.replace('=', '= ') })],
    ['without its prefix', (right) => ({ [header]: right.slice(7) })],
    ['with its prefix in capitals', (right) => ({ [header]: right.replace('sha256', 'SHA256') })],
    ['twice in one header', (right) => ({ [header]: `${right}, ${right}` })],
    [
      'in base64',
      (_, { secret }) => ({ [header]: `sha256=${createHmac('sha256', secret).update(body).digest('base64')}` }),
    ],
    ['in another header', (right) => ({ 'X-Signature': right })],
    ['wrong in both headers', (right) => ({ [header]: right.slice(0, -1), [previous]: `${right}0` })],
  ])('%s is refused with 401, and nothing changes', async (_name, headers) => {
    const source = refusing;
    const refused = await app.anonymous.post(source.inbound, body, headers(signBody(body, source.secret), source));
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_signature']);
    expect(JSON.stringify(refused.body)).not.toContain(source.secret);
    expect(await source.escalations()).toEqual([]);
  });

  it.each<[string, Headers]>([
    ['right', (right) => ({ [header]: right })],
    ['right with spaces around it', (right) => ({ [header]: `  ${right}\t` })],
    ['right with its digits in capitals', (right) => ({ [header]: `sha256=${right.slice(7).toUpperCase()}` })],
    [
      'of the previous secret, beside the newest',
      (right) => ({ [header]: signBody(body, 'their-newest-secret'), [previous]: right }),
    ],
    ['of the previous secret alone', (right) => ({ [previous]: right })],
    [
      'right beside one of a secret before',
      (right) => ({ [header]: right, [previous]: signBody(body, 'the-secret-before') }),
    ],
  ])('%s is taken', async (_name, headers) => {
    const source = await makeSource(app);
    const taken = await app.anonymous.post(source.inbound, body, headers(signBody(body, source.secret), source));
    expect([taken.status, taken.body]).toEqual([200, applied(true)]);
  });

  it('is that of the bytes, whatever the content type and the query', async () => {
    const source = await makeSource(app);
    const spaced = `\n ${JSON.stringify(createdEvent({ title: 'Prüfung — 完了 🎫' }), null, 3)}\r\n`;
    expect((await source.send(spaced, { 'Content-Type': 'text/plain' })).body).toEqual(applied(true));
    const signature = { [header]: signBody(spaced, source.secret) };
    expect((await app.anonymous.post(`${source.inbound}?from=there`, spaced, signature)).status).toBe(200);
    expect((await app.anonymous.post(source.inbound, spaced.trim(), signature)).status).toBe(401);
    expect((await source.escalations()).map(({ title }) => title)).toEqual(['Prüfung — 完了 🎫']);
  });

  it('is one source’s own: another’s secret opens nothing', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    expect((await source.send(body, { [header]: signBody(body, other.secret) })).status).toBe(401);
  });

  it('wrong too often is refused by address, and a right one never', async () => {
    const source = await makeSource(limited);
    const wrong = () => limited.anonymous.post(source.inbound, body, { [header]: 'sha256=0' });
    const answers = await Promise.all(Array.from({ length: 61 }, wrong));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(60);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await source.send(body)).body).toEqual(applied(true));
  });
});

describe('what comes before the signature', () => {
  const body = JSON.stringify(createdEvent());

  it('an unknown source is not found', async () => {
    for (const id of ['src_01J00000000000000000000000', 'x', 'x'.repeat(300), '%24ne', '%00']) {
      const refused = await app.anonymous.post(`/webhooks/sources/${id}`, body);
      expect([id, refused.status, refused.body.code]).toEqual([id, 404, 'not_found']);
    }
  });

  it('more than 256 KiB is refused, and exactly so much taken', async () => {
    const source = await makeSource(app);
    const sized = (bytes: number) => {
      const frame = JSON.stringify(createdEvent({ context: '' })).length;
      return JSON.stringify(createdEvent({ context: 'x'.repeat(bytes - frame) }));
    };
    const refused = await app.anonymous.post('/webhooks/sources/src_none', sized(256 * 1024 + 1));
    expect([refused.status, refused.body.code]).toEqual([413, 'payload_too_large']);
    expect((await source.send(sized(256 * 1024))).body).toEqual(applied(true));
  });

  it('a secret that cannot be opened is 503, whatever the signature', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    const sources = app.connection.collection<{ _id: string; secret: string }>('sources');
    const encrypted = await sources.findOne({ _id: other.id });
    await sources.updateOne({ _id: source.id }, { $set: { secret: String(encrypted?.secret) } });
    for (const secret of [source.secret, other.secret]) {
      const refused = await source.send(body, { [header]: signBody(body, secret) });
      expect([refused.status, refused.body.code]).toEqual([503, 'source_not_configured']);
    }
    expect((await other.send(body)).status).toBe(200);
  });
});

describe('a signed event that is wrong', () => {
  it.each<[string, string | Buffer]>([
    ['cut JSON', '{"id":"x"'],
    ['text', 'type=escalation.created'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('%s is refused with 400', async (_name, raw) => {
    const source = refusing;
    const refused = await source.send(raw);
    expect([refused.status, refused.body.code]).toEqual([400, 'malformed_json']);
  });

  it.each<[string, unknown, string]>([
    ['a list', [], ''],
    ['null', null, ''],
    ['no id', createdEvent({}, { id: undefined }), 'id'],
    ['an empty id', createdEvent({}, { id: '' }), 'id'],
    ['an id that is too long', createdEvent({}, { id: 'x'.repeat(256) }), 'id'],
    ['an operator for an id', decided({}, { id: { $gt: '' } }), 'id'],
    ['an unknown type', createdEvent({}, { type: 'escalation.claimed' }), 'type'],
    ['no type', createdEvent({}, { type: undefined }), 'type'],
    ['a type of JavaScript', createdEvent({}, { type: '__proto__' }), 'type'],
    ['no data', { id: 'x', type: 'event.created' }, 'data'],
    ['a list for data', decided([]), 'data'],
    ['a text for data', decided('x'), 'data'],
    ['null for an escalation', createdEvent({}, { data: null }), 'data'],
  ])('%s is refused with 422, and nothing is made of it', async (_name, event, at) => {
    const source = refusing;
    const refused = await source.send(event);
    expect([refused.status, pathsOf(refused)]).toEqual([422, [at]]);
    expect([await source.escalations(), await source.events()]).toEqual([[], []]);
  });

  it('an empty body is refused with 422', async () => {
    const source = await makeSource(app);
    expect((await source.send('')).status).toBe(422);
  });
});

describe('any other event', () => {
  it('is ingested once for its id, of each type that is', async () => {
    const source = await makeSource(app);
    const other = await makeSource(app, source.org);
    const timestamp = '2026-01-01T02:00:00+02:00';
    for (const type of ingestedEventTypes) {
      const event = decided({ of: type }, { id: type, type, timestamp });
      expect((await source.send(event)).body).toEqual(applied(false, true));
      expect((await source.send(event)).body).toEqual(applied(false, false));
    }
    expect(await source.events()).toMatchObject(
      ingestedEventTypes.map((type) => ({
        source_id: `${source.id}/${type}`,
        type,
        data: JSON.stringify({ of: type }),
        occurred_at: new Date('2026-01-01T00:00:00.000Z'),
      })),
    );
    expect((await other.send(decided({}, { id: 'event.created' }))).body).toEqual(applied(false, true));
    const last = (await source.events()).at(-1);
    expect(last?.occurred_at).toEqual(last?.created_at);
    expect(await source.escalations()).toEqual([]);
  });

  it('is judged by the policies of this org, and raises an escalation that is decided here', async () => {
    const source = await makeSource(app);
    app.events.settings.policies = [policy('large', { match: { amount: { $gte: 100 } } })];
    const large = decided({ amount: 500, context: { 'a.b': 1 } });
    for (const event of [large, large, decided({ amount: 5 }, { id: 'evt_2' })]) await source.send(event);
    app.events.settings.policies = [];
    const [escalation, ...others] = await source.escalations();
    const [event] = await source.events();
    expect(others).toEqual([]);
    expect(escalation).toMatchObject({ source: null, event_id: event?._id, policy: { id: 'large' } });
  });

  it('keeps its data as it came, whatever its fields are called', async () => {
    const source = await makeSource(app);
    const data = '{"__proto__":{"polluted":true},"$where":"sleep(1)","a.b":{"constructor":{"prototype":1}},"":null}';
    const raw = `{"id":"evt_1","type":"event.created","data":${data},"__proto__":{"test":true},"$set":{}}`;
    expect((await source.send(raw)).body).toEqual(applied(false, true));
    expect((await source.events()).map((event) => event.data)).toEqual([data]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('that only asks whether it arrives is answered, and nothing is made of it', async () => {
    const source = await makeSource(app);
    const tests = [createdEvent, resolvedEvent].map((event) => event({}, { test: true }));
    for (const event of [...tests, { id: 'x', type: 'event.created', test: true }]) {
      expect((await source.send(event)).body).toEqual(applied(false, false));
    }
    expect([await source.escalations(), await source.events()]).toEqual([[], []]);
    expect((await source.send({ ...createdEvent(), type: 'nonsense', test: true })).status).toBe(422);
    expect((await source.send({ ...createdEvent(), test: 'true' })).body).toEqual(applied(true));
  });
});

describe('hostile data', () => {
  it('of an escalation is text, and nothing else', async () => {
    const source = await makeSource(app);
    const context = '{"__proto__":{"polluted":true},"$where":"while(1){}","$function":{"body":"x"},"a.$b":[null]}';
    const fields = `"source_id":"$where","title":"<!channel> {{x}}","severity":"low","__proto__":{"title":"x"}`;
    const gateway = '"gateway":{"id":"g","__proto__":{"name":"x"},"$ne":1}';
    const raw = `{"id":"$gt","type":"escalation.created","data":{${fields},${gateway},"context":${context}}}`;
    expect((await source.send(raw)).body).toEqual(applied(true));
    expect((await source.send(raw)).body).toEqual(applied(false));
    const [escalation] = await source.escalations();
    expect(escalation).toMatchObject({ context, title: '<!channel> {{x}}', source_id: '$where' });
    expect(escalation?.gateway).toEqual({ id: 'g', name: null, environment: null });
    expect((await source.send(resolvedEvent({ source_id: '$where' }))).body).toEqual(applied(true));
  });

  it('with halves of characters and zeros in its names is one escalation that can be resolved', async () => {
    const source = await makeSource(app);
    const source_id = 'case\u0000\ud800';
    for (const isNew of [true, false]) {
      expect((await source.send(createdEvent({ source_id, title: '\udc00\u0000' }))).body).toEqual(applied(isNew));
    }
    expect((await source.send(resolvedEvent({ source_id, notes: '\ud800' }))).body).toEqual(applied(true));
  });

  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const raised = (context: string) =>
    JSON.stringify(createdEvent({ context: 0 })).replace('"context":0', `"context":${context}`);
  const ingest = (data: string) => `{"id":"evt_1","type":"event.created","data":{"x":${data}}}`;

  it.each([100, 499])('%i levels deep is taken as it is', async (levels) => {
    const source = await makeSource(app);
    expect((await source.send(raised(nested(levels)))).body).toEqual(applied(true));
    expect((await source.send(ingest(nested(levels)))).body).toEqual(applied(false, true));
    expect((await source.escalations())[0]?.context).toBe(nested(levels));
    expect((await source.events())[0]?.data).toBe(`{"x":${nested(levels)}}`);
  });

  it('thousands of levels deep is refused, and quickly', async () => {
    const source = await makeSource(app);
    for (const make of [raised, ingest]) {
      for (const levels of [500, 5_000, 125_000]) {
        const started = Date.now();
        const refused = await source.send(make(nested(levels)));
        expect([refused.status, pathsOf(refused)]).toEqual([422, ['data']]);
        expect(Date.now() - started).toBeLessThan(5_000);
      }
    }
    expect([await source.escalations(), await source.events()]).toEqual([[], []]);
  });

  it('with a field for every few bytes is taken, and quickly', async () => {
    const source = await makeSource(app);
    const many = `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":[]`).join(',')}}`;
    const started = Date.now();
    expect((await source.send(raised(many))).body).toEqual(applied(true));
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
