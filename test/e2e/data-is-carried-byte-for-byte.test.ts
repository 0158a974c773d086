import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest } from '../support/factories.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { jsonText } from '../support/json-text.js';
import { adminKey, webhookSecret } from '../support/product.js';
import { makeLinked, threadOf, useTracked } from './support/tracked.js';

// Bodies are texts on both sides: nothing in between may parse and write them again.

const running = useTracked({ EGRESS_ALLOW: '127.0.0.0/8' });
/** 10,000 in a campaign: `DATA_CASES=10000 npx vitest run` with this file. */
const cases = Number(process.env.DATA_CASES ?? 300);
const batchSize = 100;
let receiver: FakeReceiver;

const admin = () => running.api.admin;
const orgPath = () => running.org.path;

/** Digits that no double holds, a trailing zero, a number beyond all doubles, a key twice. */
const oddData = '{"id": 8202522731445525542, "price":1.10,"far":1e400,"id":-0.0, "__proto__": {"a":[ ]}}';

beforeAll(async () => {
  receiver = await startFakeReceiver(null);
  const events = ['event.created', 'gateway.health_changed', 'escalation.created'];
  expect((await admin().post(`${orgPath()}/webhooks`, { url: receiver.url, events })).status).toBe(201);
});
afterAll(() => receiver.close());

/** The body that the receiver got for an event. */
const deliveredBody = async (eventId: string): Promise<string> => {
  const request = await eventually(
    () => Promise.resolve(receiver.requests.find(({ headers }) => headers['webhook-id'] === eventId)),
    (found) => found !== undefined,
    60_000,
  );
  return request?.rawBody.toString('utf8') ?? '';
};

const answerText = async (path: string): Promise<string> => {
  const answer = await fetch(`${running.api.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${adminKey}` } });
  return answer.text();
};

// First: the tickets of the escalations below go to the same tracker.
describe('a number as an id', () => {
  const reply = (body: string) => {
    const hex = createHmac('sha256', webhookSecret).update(body).digest('hex');
    return admin().post('/webhooks/tickets', body, { 'X-Signature': `sha256=${hex}` });
  };

  it('in a receiver’s answer keeps its digits, so that its replies find the ticket', async () => {
    const { tracker } = running;
    tracker.misbehave({
      kind: 'answer',
      body: '\ufeff{"external_id": 1152921504606846977}',
      contentType: 'application/json',
    });
    const request = await makeEvidenceRequest(admin(), orgPath());
    const created = await admin().post(`${request.path}/ticket`);
    expect(created).toMatchObject({ status: 201, body: { external_id: '1152921504606846977' } });
    const answer = await reply(
      '{"external_id":1152921504606846977,"comment":{"external_comment_id":7,"author":null,"body":"Numbers"},"status":"","event_id":null,"occurred_at":"2026-05-01T10:00:00 +0000"}',
    );
    expect(answer).toMatchObject({ status: 200, body: { applied: { comment: true } } });
    expect(await threadOf(admin(), request.path)).toEqual(['Numbers']);
  });

  it.each(['yesterday', 17, '', null, {}])('with the time %j does not lose the comment', async (occurred_at) => {
    const { path, link } = await makeLinked(admin(), orgPath());
    const comment = { external_comment_id: '1', body: 'Hello' };
    const answer = await reply(JSON.stringify({ external_id: link.external_id, comment, occurred_at }));
    expect(answer).toMatchObject({ status: 200, body: { applied: { comment: true } } });
    expect(await threadOf(admin(), path)).toEqual(['Hello']);
  });

  it('in an answer that is not JSON is an error, not another id', async () => {
    running.tracker.misbehave({ kind: 'answer', body: '{"external_id": OPS-7}', contentType: 'text/plain' });
    const request = await makeEvidenceRequest(admin(), orgPath());
    await admin().post(`${request.path}/ticket`);
    const link = await eventually(
      async () => (await admin().get(`${request.path}/ticket`)).body,
      ({ sync_state }) => sync_state === 'error',
    );
    expect(JSON.stringify(link)).toContain('is not valid JSON');
  });
});

describe('the data of an event', () => {
  it('reaches the receiver byte for byte, whatever JSON it is', { timeout: 60_000 + cases * 20 }, async () => {
    const sent = fc
      .sample(fc.tuple(jsonText(), jsonText()), cases)
      .map(([a, b]) => `{"a":${a},"__proto__":${b}, "a" :${b}}`);
    const ids: string[] = [];
    for (let start = 0; start < sent.length; start += batchSize) {
      const events = sent.slice(start, start + batchSize).map((data) => `{"data":${data},"type":"event.created"}`);
      const answer = await admin().post(`${orgPath()}/events`, `{"events":[${events.join(' , ')}]}`);
      expect(answer.status).toBe(202);
      ids.push(...(answer.body.events as { id: string }[]).map(({ id }) => id));
    }
    for (const [index, data] of sent.entries()) {
      const body = await deliveredBody(ids[index] ?? '');
      expect(body.slice(0, body.indexOf(`,"id":"${ids[index]}","org_id"`))).toBe(`{"data":${data}`);
    }
  });

  it('comes from a source as it was written there', async () => {
    const source = await admin().post(`${orgPath()}/sources`, { name: 'Elsewhere' });
    expect(source.status).toBe(201);
    const body = `{"id":9007199254740993,"type":"gateway.health_changed","timestamp":"2026-05-01 10:00:00 +0200","data":${oddData}}`;
    const hex = createHmac('sha256', String(source.body.secret)).update(body).digest('hex');
    const headers = { 'X-Keeptrusts-Signature': `sha256=${hex}` };
    const before = receiver.requests.length;
    const taken = await admin().post(`/webhooks/sources/${source.body.id}`, body, headers);
    expect(taken).toMatchObject({ status: 200, body: { applied: { event: true } } });
    const request = await eventually(
      () => Promise.resolve(receiver.requests.slice(before).find(({ rawBody }) => rawBody.includes('health_changed'))),
      (found) => found !== undefined,
    );
    const delivered = request?.rawBody.toString('utf8') ?? '';
    expect(delivered).toContain(`{"data":${oddData},`);
    expect(delivered).toContain('"timestamp":"2026-05-01T08:00:00.000Z"');
  });
});

describe('the context of an escalation', () => {
  it('is answered, and sent with escalation.created, as its raiser wrote it', async () => {
    const body = `{"title":"Odd numbers","severity":"high","context":${oddData}}`;
    const raised = await admin().post(`${orgPath()}/escalations`, body);
    expect(raised.status).toBe(201);
    expect(await answerText(`${orgPath()}/escalations/${raised.body.id}`)).toContain(`"context":${oddData},`);
    const delivered = await eventually(
      () => Promise.resolve(receiver.requests.find(({ rawBody }) => rawBody.includes(String(raised.body.id)))),
      (found) => found !== undefined,
    );
    expect(delivered?.rawBody.toString('utf8')).toContain(`"context":${oddData},`);
  });
});

describe('a policy', () => {
  it('compares numbers by every digit, and raises with the digits of ids', async () => {
    const policies = [
      { name: 'the next number', match: 'MATCH', severity: 'high' },
      { name: 'beyond', match: { amount: { $gt: 0 } }, severity: 'low' },
    ];
    const put = await admin().put(
      `${orgPath()}/escalation-policies`,
      JSON.stringify({ policies }).replace('"MATCH"', '{"$or":[{"amount":9007199254740993},{"amount":{"$gt":1e400}}]}'),
    );
    expect(put.status).toBe(200);
    expect(await answerText(`${orgPath()}/escalation-policies`)).toContain('{"amount":{"$gt":1e400}}');

    const raisedBy = async (amount: string) => {
      const data = `{"amount":${amount},"gateway":{"id":1152921504606846977},"context":{"n":1.10}}`;
      const sent = await admin().post(`${orgPath()}/events`, `{"type":"event.created","data":${data}}`);
      expect(sent.status).toBe(202);
      const found = await eventually(
        async () => (await admin().get(`${orgPath()}/escalations?limit=1`)).body.data[0],
        (newest) => newest?.event_id === sent.body.events[0].id,
      );
      expect(found).toMatchObject({ gateway: { id: '1152921504606846977' } });
      expect(await answerText(`${orgPath()}/escalations/${found.id}`)).toContain('"context":{"n":1.10}');
      return String(found.policy.name);
    };
    expect(await raisedBy('9007199254740993')).toBe('the next number');
    expect(await raisedBy('9007199254740993.0')).toBe('the next number');
    expect(await raisedBy('9007199254740992')).toBe('beyond');
    expect(await raisedBy('1.1e400')).toBe('the next number');
    expect(await raisedBy('1e400')).toBe('beyond');
  });
});
