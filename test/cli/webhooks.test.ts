import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeApi, type FakeAnswer, type FakeApi } from './support/fake-api.js';
import { kt } from './support/kt.js';

const at = '2024-05-03T14:03:22.000Z';
const webhook = {
  id: 'wh_1',
  url: 'https://example.com/hooks',
  events: ['escalation.created', 'config.deployed'],
  description: 'Ours \u001b[31mred\u202e',
  headers: ['X-Team'],
  rate_limit_per_second: 20,
  ordered: true,
  enabled: true,
  disabled_reason: null,
  health: { status: 'failing', last_success_at: null, last_failure_at: at, consecutive_failures: 3, pending: 2 },
  created_at: at,
  updated_at: at,
};
const attempt = (number: number, response_code: number | null, error: string | null) => ({
  number,
  at,
  trigger: 'automatic',
  response_code,
  duration_ms: 12,
  error,
  response_body: response_code === null ? '' : 'no\nthanks \u001b]0;pwned\u0007',
});
const deliveryNow = () => ({
  id: 'dlv_1',
  event_id: 'evt_1',
  event_type: 'escalation.created',
  status: 'retrying',
  attempts: [attempt(1, null, 'timeout'), attempt(2, 503, null)],
  next_attempt_at: new Date(Date.now() + 265_000).toISOString(),
  workflow: null,
  created_at: at,
});
const delivery = deliveryNow();
const secret = 'whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=';

let answer: FakeAnswer;
let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi(() => answer);
});
afterAll(() => api.close());
beforeEach(() => {
  api.calls.length = 0;
});

const run = async (line: string[], status: number, body?: unknown) => {
  answer = { status, body };
  const ended = await kt(line, api.env);
  const [call] = api.calls;
  return {
    ...ended,
    made: call && `${call.method} ${call.url}`,
    sent: call?.body ? (JSON.parse(call.body) as unknown) : null,
  };
};
const base = '/api/v1/orgs/acme/webhooks';

test('create sends what was given and nothing else, and shows the secret with a warning', async () => {
  const line = ['webhook', 'create', '--url', webhook.url, '--events', 'escalation.created, config.deployed'];
  const plain = await run(line, 201, { ...webhook, secret });
  expect(plain).toMatchObject({ code: 0, made: `POST ${base}` });
  expect(plain.sent).toEqual({ url: webhook.url, events: webhook.events });
  expect(plain.stdout).toContain(secret);
  expect(plain.stdout).toContain('shown this once');
  expect(api.calls[0]?.headers['idempotency-key']).toBeTruthy();

  api.calls.length = 0;
  const more = [
    '--description',
    'D',
    '--ordered',
    '--rate-limit',
    '5',
    '--disabled',
    '--header',
    'X-A: 1:2',
    '--header',
    'X-B:',
  ];
  expect((await run([...line, ...more], 201, { ...webhook, secret })).sent).toEqual({
    url: webhook.url,
    events: webhook.events,
    description: 'D',
    ordered: true,
    rate_limit_per_second: 5,
    enabled: false,
    headers: { 'X-A': '1:2', 'X-B': '' },
  });
});

const calls: [line: string, made: string, sent: unknown, status: number, body: unknown][] = [
  ['list', `GET ${base}`, null, 200, { data: [webhook], next_cursor: null }],
  ['show --id wh_1', `GET ${base}/wh_1`, null, 200, webhook],
  [
    'update --id wh_1 --no-ordered --no-rate-limit --no-headers',
    `PATCH ${base}/wh_1`,
    { ordered: false, rate_limit_per_second: null, headers: {} },
    200,
    webhook,
  ],
  ['delete --id wh_1', `DELETE ${base}/wh_1`, null, 204, undefined],
  ['enable --id wh_1', `PATCH ${base}/wh_1`, { enabled: true }, 200, webhook],
  ['disable --id wh_1', `PATCH ${base}/wh_1`, { enabled: false }, 200, webhook],
  [
    'deliveries --id wh_1 --status failed --event-type config.deployed --limit 7 --since 2024-01-02T03:04:05Z',
    `GET ${base}/wh_1/deliveries?status=failed&event_type=config.deployed&since=2024-01-02T03%3A04%3A05.000Z&limit=7`,
    null,
    200,
    { data: [delivery], next_cursor: null },
  ],
  [
    'delivery --id wh_1 --delivery dlv_1',
    `GET ${base}/wh_1/deliveries/dlv_1`,
    null,
    200,
    { ...delivery, payload: { id: 'evt_1' } },
  ],
  [
    'rotate-secret --id wh_1 --overlap-seconds 0',
    `POST ${base}/wh_1/rotate-secret`,
    { overlap_seconds: 0 },
    200,
    { secret, previous_expires_at: null },
  ],
  ['resend --id wh_1 --delivery dlv_1', `POST ${base}/wh_1/deliveries/dlv_1/resend`, null, 200, delivery],
  [
    'cancel --id wh_1 --delivery dlv_1',
    `POST ${base}/wh_1/deliveries/dlv_1/cancel`,
    null,
    200,
    { ...delivery, status: 'cancelled' },
  ],
  [
    'recover --id wh_1 --since 2024-01-02T03:04:05Z',
    `POST ${base}/wh_1/recover`,
    { since: '2024-01-02T03:04:05.000Z' },
    202,
    { count: 2 },
  ],
];

test.each(calls)(
  'kt webhook %s makes its call; text for people, the API’s JSON for programs',
  async (line, made, sent, status, body) => {
    const people = await run(['webhook', ...line.split(' ')], status, body);
    expect(people).toMatchObject({ code: 0, made, sent, stderr: '' });
    expect(people.stdout.length).toBeGreaterThan(5);
    // eslint-disable-next-line no-control-regex -- what must not come through
    expect(people.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const programs = await run(['webhook', ...line.split(' '), '--json'], status, body);
    expect(programs).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `${body === undefined ? '{}' : JSON.stringify(body)}\n`,
    });
  },
);

test('an endpoint says how it goes, in the list by a word', async () => {
  expect((await run(['webhook', 'show', 'wh_1'], 200, webhook)).stdout).toMatch(
    /state +enabled\nhealth +failing, 3 failed in a row, 2 pending\n/,
  );
  const { stdout } = await run(['webhook', 'list'], 200, { data: [webhook], next_cursor: null });
  expect(stdout).toMatch(/^enabled +wh_1 .* failing +3 May 2024$/m);
});

test('deliveries are a table of time, event, code, status and tries, with what comes next', async () => {
  const { stdout } = await run(['webhook', 'deliveries', 'wh_1'], 200, { data: [deliveryNow()], next_cursor: null });
  const [head, row, ...rest] = stdout.trimEnd().split('\n');
  expect(head?.trim().split(/ {2,}/)).toEqual(['TIME', 'EVENT', 'CODE', 'STATUS', 'TRIES', 'NEXT', 'ID']);
  expect(row?.trim().split(/ {2,}/)).toEqual([
    '3 May 2024',
    'escalation.created',
    '503',
    'retrying',
    '2',
    'in 4 min',
    'dlv_1',
  ]);
  expect(rest).toEqual([]);
});

test('a delivery shows each attempt, and the payload', async () => {
  const { stdout } = await run(['webhook', 'delivery', 'wh_1', 'dlv_1'], 200, {
    ...deliveryNow(),
    payload: { id: 'evt_1' },
  });
  expect(stdout).toMatch(/ {2}1 {2}3 May 2024 {2}automatic {2}none +12 ms {2}timeout\n/);
  expect(stdout).toMatch(/ {2}2 {2}3 May 2024 {2}automatic {3}503 +12 ms {2}no thanks \\u001b]0;pwned\\u0007\n/);
  expect(stdout).toContain('"id": "evt_1"');
  expect(stdout).toMatch(/next try +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(in 4 min\)/);
});

test('test exits with 1 when the endpoint did not take it, and shows its answer', async () => {
  const tested = {
    delivery_id: 'dlv_2',
    succeeded: true,
    response_code: 200,
    duration_ms: 5,
    response_body: 'ok',
    error: null,
  };
  expect(await run(['webhook', 'test', 'wh_1', '--type', 'config.deployed'], 200, tested)).toMatchObject({
    code: 0,
    made: `POST ${base}/wh_1/test`,
    sent: { type: 'config.deployed' },
  });
  const refused = { ...tested, succeeded: false, response_code: null, error: 'timeout' };
  const { code, stdout } = await run(['webhook', 'test', '--id', 'wh_1'], 200, refused);
  expect(code).toBe(1);
  expect(stdout).toMatch(/result +failed\ncode +none\ntook +5 ms\nerror +timeout/);
});

test('an empty list says what would fill it', async () => {
  const empty = { data: [], next_cursor: null };
  expect((await run(['webhook', 'list'], 200, empty)).stdout).toContain('kt webhook create --url');
  expect((await run(['webhook', 'deliveries', 'wh_1'], 200, empty)).stdout).toContain('kt webhook test --id wh_1');
});

test('a page says how to get more, and --all is one document of every page', async () => {
  const pages = await startFakeApi(({ url }) => {
    const cursor = new URL(url, 'http://x').searchParams.get('cursor');
    const next = cursor === null ? 'c2' : cursor === 'c2' ? 'c3' : null;
    return { status: 200, body: { data: [{ ...webhook, id: `wh_${cursor ?? 'c1'}` }], next_cursor: next } };
  });
  const one = await kt(['webhook', 'list'], pages.env);
  expect(one.stderr).toContain('add --all, or --cursor c2');
  expect((await kt(['webhook', 'list', '--cursor', 'c3'], pages.env)).stderr).toBe('');
  expect(JSON.parse((await kt(['webhook', 'list', '--json'], pages.env)).stdout)).toMatchObject({ next_cursor: 'c2' });
  const all = await kt(['webhook', 'list', '--all', '--json'], pages.env);
  expect(JSON.parse(all.stdout)).toMatchObject({
    data: [{ id: 'wh_c1' }, { id: 'wh_c2' }, { id: 'wh_c3' }],
    next_cursor: null,
  });
  expect((await kt(['webhook', 'list', '--all'], pages.env)).stdout.trimEnd().split('\n')).toHaveLength(4);
  expect(pages.calls.at(-1)?.url).toContain('limit=200');
  await pages.close();
});
