import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifySignature } from '../../src/lib/signature.js';
import { FakeService } from '../support/fake-service.js';
import { rateLimited, startFakeServiceNow, type FakeServiceNow } from '../support/fake-servicenow.js';

const secret = 'canary-webhook-secret';
const basic = `Basic ${Buffer.from('integration:canary-sn-password').toString('base64')}`;

/** The fake itself, asked by something that is not our client. */
describe('the fake ServiceNow', () => {
  let fake: FakeServiceNow;
  let receiver: FakeService;
  beforeEach(async () => {
    fake = await startFakeServiceNow();
    receiver = await new FakeService(() => ({ status: 200, body: {}, faults: [] })).up();
  });
  afterEach(async () => {
    await fake.close();
    await receiver.close();
  });

  async function call(method: string, path: string, body?: unknown) {
    const headers = { authorization: basic, 'content-type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${fake.url}/api/now/table/${path}`, init);
    return { status: response.status, headers: response.headers, json: await response.json() };
  }
  const create = async (values: Record<string, string> = {}) => {
    const made = { short_description: 'x', correlation_id: 'tkt_1', correlation_display: 'Drawbridge', ...values };
    const { json } = await call('POST', 'incident', made);
    return json.result;
  };

  it('answers with texts only, references as objects unless told otherwise, and an empty journal', async () => {
    const { sys_id } = await create({ caller_id: 'abc', impact: '1', urgency: '2' });
    const { json } = await call('GET', `incident/${sys_id}`);
    expect(json.result).toMatchObject({ state: '1', priority: '2', sys_mod_count: '0', comments: '' });
    expect(json.result.caller_id).toMatchObject({ value: 'abc' });
    const plain = await call('GET', `incident/${sys_id}?sysparm_exclude_reference_link=true&sysparm_fields=caller_id`);
    expect(plain.json.result).toEqual({ caller_id: 'abc' });
  });

  it('ignores what it does not understand of a query, and returns everything', async () => {
    await create();
    await create({ correlation_id: 'tkt_2' });
    const find = async (query: string) =>
      (await call('GET', `incident?sysparm_query=${encodeURIComponent(query)}`)).json.result.length as number;
    expect(await find('correlation_id=tkt_2')).toBe(1);
    expect(await find('corelation_id=tkt_2')).toBe(2);
    fake.conditions.ignoredFields = ['correlation_id'];
    expect(await find('correlation_id=tkt_2')).toBe(2);
    expect(fake.faults).toContain('a term of the query was ignored: corelation_id=tkt_2');
  });

  it('shows a record late in lists, and at once by its sys_id', async () => {
    fake.conditions.searchLagMs = 60_000;
    const { sys_id } = await create();
    expect((await call('GET', 'incident?sysparm_limit=5')).json.result).toEqual([]);
    expect((await call('GET', `incident/${sys_id}`)).status).toBe(200);
  });

  it('pages, with the whole count in a header', async () => {
    for (let made = 0; made < 5; made++) await create();
    const { json, headers } = await call(
      'GET',
      'incident?sysparm_query=ORDERBYnumber&sysparm_limit=2&sysparm_offset=4',
    );
    expect(json.result).toHaveLength(1);
    expect(headers.get('x-total-count')).toBe('5');
  });

  it('drops what is written to a Closed record, with 200', async () => {
    const { sys_id, number } = await create();
    fake.setState(number, '7');
    expect((await call('PATCH', `incident/${sys_id}`, { comments: 'lost' })).status).toBe(200);
    expect(fake.journal(number)).toEqual([]);
  });

  it('wants a close code that there is', async () => {
    const { sys_id } = await create();
    const close = (values: Record<string, string>) => call('PATCH', `incident/${sys_id}`, { state: '6', ...values });
    const refused = await close({});
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ error: { message: 'Operation Failed' }, status: 'failure' });
    expect(refused.json.error.detail).toMatch(/^Data Policy Exception: /);
    expect((await close({ close_code: 'None', close_notes: 'x' })).status).toBe(403);
    expect((await close({ close_code: 'Duplicate', close_notes: 'x' })).status).toBe(200);
  });

  it('limits with all the headers of an instance, for one kind of call alone', async () => {
    fake.misbehave(rateLimited(4), { on: 'create' });
    expect((await call('GET', 'incident?sysparm_limit=1')).status).toBe(200);
    const { status, headers } = await call('POST', 'incident', {});
    expect([status, headers.get('retry-after')]).toEqual([429, '4']);
    expect(headers.get('x-ratelimit-rule')).toMatch(/\S/);
  });

  it('tells each change of our tickets by a signed webhook: once, doubled, lost, late and out of order', async () => {
    fake.sendWebhooksTo({ url: `${receiver.origin}/hook`, secret });
    const { number } = await create();
    await create({ correlation_display: 'Somebody else' });
    fake.webhookCopies = 2;
    fake.setState(number, '2');
    await fake.webhooksIdle();
    fake.webhookCopies = 1;
    fake.loseWebhooks();
    fake.addForeignComment(number, 'hello');
    fake.holdWebhooks();
    fake.setState(number, '3');
    fake.setState(number, '6');
    await fake.releaseWebhooks({ reversed: true });
    const [first] = fake.webhooks;
    if (first) await fake.resendWebhook(first);
    const states = receiver.requests.map(({ json }) => (json as { state: string }).state);
    expect(states).toEqual(['1', '2', '2', '6', '3', '1']);
    for (const { headers, rawBody } of receiver.requests) {
      expect(verifySignature(rawBody, String(headers['x-signature']), secret)).toBe(true);
    }
    expect(fake.webhooks.map(({ statuses }) => statuses)).toEqual([[200, 200], [200, 200], [], [200], [200]]);
    expect(receiver.requests[3]?.json).toMatchObject({ comments: [{ value: 'hello', sys_created_by: 'beth.anglin' }] });
  });
});
