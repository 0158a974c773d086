import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { sendReply, type ReplyOptions } from '../support/fake-tracker.js';
import { openProduct, webhookSecret, type RunningApi } from '../support/product.js';
import { databaseOf, recorded } from './support/database.js';
import { makeLinked, patience, threadOf } from './support/tracked.js';

const product = openProduct({ env: patience });
const database = databaseOf(product);
let api: RunningApi;
let keyless: RunningApi;
let limited: RunningApi;
let request: Awaited<ReturnType<typeof makeLinked>>;
let externalId: string;

beforeAll(async () => {
  [api, keyless, limited] = await Promise.all([
    product.startApi(),
    product.startApi({ env: { TICKET_WEBHOOK_SECRET: '' } }),
    product.startApi({ env: { RATE_LIMIT_PER_SECOND: '5' } }),
    product.startWorker(),
  ]);
  const org = await makeOrg(api.admin);
  request = await makeLinked(api.admin, org.path);
  externalId = request.link.external_id;
});
afterAll(() => product.close());

const sign = (body: string | Buffer, secret = webhookSecret) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const send = (rawBody: string | Buffer, more: Partial<ReplyOptions> = {}, to = api) =>
  sendReply(to.url, null, { secret: webhookSecret, rawBody, ...more });
const reply = (more: object) => JSON.stringify({ external_id: externalId, ...more });
const tooLong = (bytes: number) => reply({ padding: 'x'.repeat(bytes) });

/** What a refused reply must leave as it was. */
const everything = async () => ({
  counts: await recorded(await database()),
  request: (await api.admin.get(request.path)).body as unknown,
  thread: await threadOf(api.admin, request.path),
});

async function expectRefused(answer: Promise<{ status: number; body: unknown }>, status: number, code: string) {
  expect(await answer).toMatchObject({ status, body: { status, code } });
}

describe('a signature', () => {
  const body = () => reply({ status: 'accepted', comment: { external_comment_id: 'forged', body: 'Forged' } });
  const right = () => sign(body());
  it.each<[string, () => string | null]>([
    ['missing', () => null],
    ['empty', () => ''],
    ['without its digits', () => 'sha256='],
    ['of another body', () => sign(`${body()} `)],
    ['with another secret', () => sign(body(), 'another-secret')],
    ['with an empty secret', () => sign(body(), '')],
    ['truncated by one digit', () => right().slice(0, -1)],
    ['truncated by half', () => right().slice(0, 39)],
    ['padded with a digit', () => `${right()}0`],
    ['padded with zeros in front', () => right().replace('=', '=00')],
    ['followed by another', () => `${right()}, ${right()}`],
    ['without its prefix', () => right().slice(7)],
    ['with its prefix in capitals', () => right().replace('sha256', 'SHA256')],
    ['with the prefix of another hash', () => right().replace('sha256', 'sha1')],
    ['that is not hex', () => `sha256=${'z'.repeat(64)}`],
    ['in base64', () => `sha256=${createHmac('sha256', webhookSecret).update(body()).digest('base64')}`],
  ])('%s is refused with 401, and nothing changes', async (_, signature) => {
    const before = await everything();
    await expectRefused(send(body(), { signature: signature() }), 401, 'invalid_signature');
    expect(await everything()).toEqual(before);
  });

  it('is that of the bytes: other spacing, order, escapes and a newline at the end verify', async () => {
    const bodies = [
      `{\n\t"status" :\t"submitted" , "external_id":  "${externalId}"\r\n}\n`,
      `{"st\\u0061tus":"\\u0061ccepted","external_id":"${externalId}"}`,
      `  ${reply({ status: 'open' })}\n\n`,
      reply({ status: 'rejected', note: 'Prüfung — 完了 \\/ 🎫' }),
    ];
    for (const raw of bodies) expect((await send(raw)).status).toBe(200);
    expect((await api.admin.get(request.path)).body.status).toBe('rejected');
  });

  it('verifies whatever the content type is, and whatever the query', async () => {
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      expect((await send(reply({ status: 'open' }), { contentType })).status).toBe(200);
    }
    const path = '/api/v1/webhooks/tickets?from=tracker';
    expect((await send(reply({ status: 'open' }), { path })).status).toBe(200);
  });
});

describe('a reply that is signed and wrong', () => {
  it.each<[string, () => string | Buffer]>([
    ['cut JSON', () => reply({}).slice(0, -1)],
    ['text', () => 'external_id=1'],
    ['JSON twice', () => reply({}) + reply({})],
    [
      'bytes that are no UTF-8',
      () => Buffer.concat([Buffer.from('{"external_id":"'), Buffer.from([0xff, 0x22, 0x7d])]),
    ],
  ])('%s is refused with 400, and nothing changes', async (_, raw) => {
    const before = await everything();
    await expectRefused(send(raw()), 400, 'malformed_json');
    expect(await everything()).toEqual(before);
  });

  const comment = { external_comment_id: 'c', body: 'b' };
  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['no external_id', () => JSON.stringify({ status: 'open' })],
    ['a list for external_id', () => JSON.stringify({ external_id: [5] })],
    ['an operator for external_id', () => JSON.stringify({ external_id: { $ne: null }, status: 'open' })],
    ['a status that is no text', () => reply({ status: 5 })],
    ['an operator for event_id', () => reply({ event_id: { $gt: '' } })],
    ['a comment that is a text', () => reply({ comment: 'Hello' })],
    ['a comment without its id', () => reply({ comment: { body: 'b' } })],
    ['a comment without a body', () => reply({ comment: { external_comment_id: 'c' } })],
    ['an empty comment', () => reply({ comment: { ...comment, body: '' } })],
    ['a comment that is too long', () => reply({ comment: { ...comment, body: 'x'.repeat(32_001) } })],
    ['an author that is no text', () => reply({ comment: { ...comment, author: {} } })],
  ])('%s is refused with 422, and nothing changes', async (_, raw) => {
    const before = await everything();
    await expectRefused(send(raw()), 422, 'validation_failed');
    expect(await everything()).toEqual(before);
  });

  it('a ticket that nobody linked is not found, and nothing changes', async () => {
    const before = await everything();
    for (const external_id of ['mock-TCK-999999', request.link.id, `${externalId} `]) {
      await expectRefused(send(JSON.stringify({ external_id, status: 'accepted' })), 404, 'not_found');
    }
    expect(await everything()).toEqual(before);
  });

  it('more than 256 KiB are refused with 413, and exactly so many are taken', async () => {
    const before = await everything();
    await expectRefused(send(tooLong(256 * 1024)), 413, 'payload_too_large');
    expect(await everything()).toEqual(before);
    const full = tooLong(256 * 1024 - tooLong(0).length);
    expect(Buffer.byteLength(full)).toBe(256 * 1024);
    expect((await send(full)).status).toBe(200);
  });
});

describe('without a secret', () => {
  it('every reply is refused with 503, also one that is signed with the empty secret', async () => {
    const before = await everything();
    for (const signature of [undefined, null, sign(reply({}), '')]) {
      const answer = await send(reply({ status: 'accepted' }), signature === undefined ? {} : { signature }, keyless);
      expect(answer).toMatchObject({ status: 503, body: { missing: ['TICKET_WEBHOOK_SECRET'] } });
    }
    expect(await everything()).toEqual(before);
  });
});

describe('the order of the checks', () => {
  it('is size, secret, signature, JSON, shape, ticket, status', async () => {
    const unsigned = { signature: 'sha256=00' };
    const statuses = [
      await send(tooLong(256 * 1024), unsigned, keyless),
      await send('{', unsigned, keyless),
      await send('{', unsigned),
      await send('{'),
      await send(JSON.stringify({ external_id: 'nobody', status: 5 })),
      await send(JSON.stringify({ external_id: 'nobody', status: 'none of the six' })),
      await send(reply({ status: 'none of the six' })),
    ].map(({ status }) => status);
    expect(statuses).toEqual([413, 503, 401, 400, 422, 404, 422]);
  });
});

describe('wrong signatures', () => {
  it('are limited to 60 a minute for an address, and a valid one is never refused', async () => {
    const wrong = () => send(reply({}), { signature: 'sha256=00' }, limited);
    const answers = await Promise.all(Array.from({ length: 70 }, wrong));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(401), count(429)]).toEqual([60, 10]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    const valid = await Promise.all(Array.from({ length: 20 }, () => send(reply({}), {}, limited)));
    expect(new Set(valid.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await wrong()).status).toBe(429);
  });
});
