import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { kt } from './support/kt.js';
import { fakeKey, problem, startFakeApi, type Answering } from './support/fake-api.js';

async function open(answering: Answering) {
  const api = await startFakeApi(answering);
  onTestFinished(() => api.close());
  return api;
}

test('a refusal shows title, detail, code, each error, what to set, and the request’s id', async () => {
  const errors = [
    { path: 'url', message: 'must be an http or https URL' },
    { path: 'events[1]', message: 'must be one of …' },
  ];
  const api = await open(() => problem(422, 'validation_failed', { errors, missing: ['JIRA_BASE_URL'] }));
  const { code, stdout, stderr } = await kt(['webhook', 'create', '--url', 'x', '--events', 'a'], api.env);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('kt: Refused');
  expect(stderr).toMatch(/code +validation_failed \(422\)/);
  expect(stderr).toMatch(/wrong +url: must be an http or https URL/);
  expect(stderr).toMatch(/wrong +events\[1\]: must be one of/);
  expect(stderr).toMatch(/to set +JIRA_BASE_URL/);
  expect(stderr).toMatch(/X-Request-Id +req-1/);
});

test('with --json the refusal’s document is the one on stdout', async () => {
  const api = await open(() => problem(409, 'already_claimed'));
  const { code, stdout, stderr } = await kt(['escalation', 'claim', 'esc_1', '--json'], api.env);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'already_claimed', status: 409 });
  expect(stderr).toContain('kt: Refused: It cannot be.');
});

test('an API that gives the key back does not make kt show it', async () => {
  const api = await open(({ headers }) =>
    problem(401, 'unauthorized', { detail: `Not ${headers.authorization ?? ''}!` }),
  );
  const { code, stdout, stderr } = await kt(['whoami', '--json'], api.env);
  expect(code).toBe(1);
  expect(api.calls[0]?.headers.authorization).toBe(`Bearer ${fakeKey}`);
  expect(stdout + stderr).not.toContain(fakeKey);
  expect(stderr).toContain('Check KT_API_KEY');
});

test('where nothing listens it says where it tried and how to start', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stdout, stderr } = await kt(['whoami'], { KT_API_URL: url, KT_API_KEY: fakeKey });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`Nothing listens at ${url}. Start Drawbridge with \`npm start\``);
  expect(stderr).toContain('KT_API_URL');
});

test('https for an API that speaks http is explained, not repeated', async () => {
  const api = await open(() => ({ status: 200, body: {} }));
  const url = api.origin.replace('http:', 'https:');
  const { code, stderr } = await kt(['whoami'], { ...api.env, KT_API_URL: url });
  expect(code).toBe(1);
  expect(stderr).toContain(`${url} does not speak TLS. Use http://`);
  expect(stderr).not.toContain('again');
});

test('what is not Drawbridge is called so, and a redirect is not followed', async () => {
  const page = await open(() => ({ status: 200, body: '<html>', headers: { 'Content-Type': 'text/html' } }));
  expect(await kt(['whoami'], page.env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not Drawbridge'),
  });
  const elsewhere = await open(() => ({ status: 302, headers: { Location: `${page.origin}/x` } }));
  expect((await kt(['whoami'], elsewhere.env)).code).toBe(1);
  expect(page.calls).toHaveLength(1);
});

test('an answer of another shape is no crash without a word', async () => {
  const api = await open(() => ({ status: 200, body: { data: 7 } }));
  const { code, stderr } = await kt(['webhook', 'list'], api.env);
  expect(code).toBe(1);
  expect(stderr).toContain('The answer was not understood');
});

test('a POST whose answer was lost is made once more with the same key, and waits for the first', async () => {
  const api = await open(({ method }) => {
    if (method !== 'POST') return { status: 500 };
    if (api.calls.length === 1) return 'hang up';
    return api.calls.length === 2 ? problem(409, 'idempotency_in_progress') : { status: 200, body: { count: 3 } };
  });
  const { code, stdout } = await kt(['webhook', 'recover', 'wh_1', '--since', '1h'], api.env);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('3 to be delivered') });
  const keys = api.calls.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^[\w-]{20,}$/);
  expect(new Set(keys).size).toBe(1);
  expect(new Set(api.calls.map(({ body }) => body)).size).toBe(1);
});

test('lost twice, it gives the key with which the call can be repeated safely', async () => {
  const api = await open(() => 'hang up');
  const first = await kt(['escalation', 'claim', 'esc_1'], api.env);
  expect(first.code).toBe(1);
  const key = /--idempotency-key (\S+) to repeat it safely/.exec(first.stderr)?.[1] ?? '';
  expect(key).toBe(api.calls[0]?.headers['idempotency-key']);
  await kt(['escalation', 'claim', 'esc_1', '--idempotency-key', key], api.env);
  expect(api.calls.map(({ headers }) => headers['idempotency-key'])).toEqual([key, key, key, key]);
});

test('a DELETE or PATCH whose answer was lost is not made again', async () => {
  const api = await open(() => 'hang up');
  const { code, stderr } = await kt(['webhook', 'delete', 'wh_1'], api.env);
  expect(code).toBe(1);
  expect(stderr).toContain('look before you repeat it');
  await kt(['webhook', 'disable', 'wh_1'], api.env);
  expect(api.calls.map(({ method }) => method)).toEqual(['DELETE', 'PATCH']);
});
