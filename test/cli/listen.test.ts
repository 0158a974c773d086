import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { kt, startKt, startKtProcess } from './support/kt.js';
import { sign } from './support/sign.js';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = newSecret();
const older = newSecret();
const body = JSON.stringify({ id: 'evt_1', type: 'config.deployed', data: { gateway: 'eu-1' } });
const now = () => Math.floor(Date.now() / 1000);

async function listening(args: string[], env: Record<string, string> = {}) {
  const running = startKt(['webhook', 'listen', '--port', '0', ...args], env);
  onTestFinished(async () => {
    running.stop();
    await running.ended;
  });
  const { url, post } = await addressOf(running.stderr);
  const stop = () => {
    running.stop();
    return running.ended;
  };
  return { stdout: running.stdout, url, post, stop };
}

/** Waits until a receiver says where it listens. */
async function addressOf(stderr: () => string) {
  const welcome = await eventually(
    () => Promise.resolve(stderr()),
    (text) => text.includes('Listening on'),
  );
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(welcome)?.[0] ?? '';
  const post = async (sent: string, headers: Record<string, string>) => {
    const response = await fetch(url, { method: 'POST', body: sent, headers });
    return { status: response.status, text: await response.text() };
  };
  return { url, post };
}

const lines = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('with --brief a message is one line', async () => {
  const { post, stop } = await listening(['--secret', secret, '--brief']);
  await post(body, sign(body, { secrets: [secret] }));
  const { stdout } = await stop();
  expect(stdout).toMatch(/^\S+ {2}✓ verified {2}config\.deployed {2}evt_1 {2}→ 204\n$/);
});

test('a right signature is verified and answered 204, and the body is shown', async () => {
  const { post, stop, stdout } = await listening(['--secret', secret]);
  expect(await post(body, sign(body, { secrets: [secret] }))).toEqual({ status: 204, text: '' });
  await eventually(
    () => Promise.resolve(stdout()),
    (text) => text.includes('eu-1'),
  );
  expect(stdout()).toMatch(/✓ verified {2}config\.deployed {2}evt_1 {2}→ 204\n/);
  const ended = await stop();
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('Stopped. 1 received, 0 of them wrong.') });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
});

const key = (text: string) => Buffer.from(text.slice('whsec_'.length), 'base64');
const good = () => sign(body, { secrets: [secret] });
const without = (name: string) => Object.fromEntries(Object.entries(good()).filter(([each]) => each !== name));
const hex = (by: string | Buffer) => `sha256=${createHmac('sha256', by).update(body).digest('hex')}`;
const standard = (by: string | Buffer, signed: string) =>
  `v1,${createHmac('sha256', by).update(signed).digest('base64')}`;

const wrong: [what: string, headers: () => Record<string, string>, sent: string, expected: RegExp][] = [
  ['another secret', () => sign(body, { secrets: [older] }), body, /webhook-signature matches no secret/],
  ['a body changed on the way', good, `${body} `, /X-Keeptrusts-Signature matches no secret: .*body was changed/],
  [
    'an old message',
    () => sign(body, { secrets: [secret], timestamp: now() - 301 - 60 }),
    body,
    /webhook-timestamp is 36\d s old/,
  ],
  ['one of the future', () => sign(body, { secrets: [secret], timestamp: now() + 400 }), body, /s in the future/],
  ['milliseconds', () => sign(body, { secrets: [secret], timestamp: Date.now() }), body, /is in milliseconds/],
  ['no timestamp', () => without('webhook-timestamp'), body, /webhook-timestamp is not there/],
  ['a timestamp of letters', () => ({ ...good(), 'webhook-timestamp': 'now' }), body, /webhook-timestamp is no number/],
  ['no id', () => without('webhook-id'), body, /webhook-id is not there/],
  ['another id', () => ({ ...good(), 'webhook-id': 'evt_2' }), body, /webhook-signature matches no secret/],
  ['no standard signature', () => without('webhook-signature'), body, /webhook-signature is not there/],
  [
    'an empty signature',
    () => ({ ...good(), 'webhook-signature': 'v1,' }),
    body,
    /webhook-signature matches no secret/,
  ],
  ['another version', () => ({ ...good(), 'webhook-signature': 'v2,abc' }), body, /no signature that begins with v1,/],
  ['no signature of ours', () => without('X-Keeptrusts-Signature'), body, /X-Keeptrusts-Signature is not there/],
  [
    'a malformed one of ours',
    () => ({ ...good(), 'X-Keeptrusts-Signature': 'sha256=abc' }),
    body,
    /is not sha256= and 64 hex digits/,
  ],
  [
    'the decoded secret for ours',
    () => ({ ...good(), 'X-Keeptrusts-Signature': hex(key(secret)) }),
    body,
    /its key is the whole text/,
  ],
  [
    'the secret’s text for the standard one',
    () => ({
      ...good(),
      'webhook-signature': standard(secret, `evt_1.${now()}.${body}`),
      'webhook-timestamp': String(now()),
    }),
    body,
    /made with the secret’s text/,
  ],
];

test('a wrong signature is answered 401, with why', async () => {
  const { post, stop } = await listening(['--json', '--secret', secret]);
  for (const [what, headers, sent, expected] of wrong) {
    const { status, text } = await post(sent, headers());
    expect({ what, status, text }).toEqual({ what, status: 401, text: expect.stringMatching(expected) });
  }
  const { stdout, stderr, code } = await stop();
  const reports = lines(stdout);
  expect(reports).toHaveLength(wrong.length);
  for (const [index, [, , sent, expected]] of wrong.entries()) {
    expect(reports[index]).toMatchObject({ verified: false, status: 401, faults: expect.anything() });
    expect(String(reports[index]?.faults)).toMatch(expected);
    expect(reports[index]?.body).toEqual(JSON.parse(sent));
  }
  expect(stderr).toContain(`${wrong.length} of them wrong`);
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(secret);
});

test('during a rotation both the new and the old secret verify, with a remark about the old one', async () => {
  const rotated = sign(body, { secrets: [secret, older] });
  for (const [args, remarks] of [
    [['--secret', secret], []],
    [['--secret', older], [expect.stringContaining('older secret')]],
    [['--secret', secret, '--secret', older], []],
  ] as const) {
    const { post, stop } = await listening(['--json', ...args]);
    expect((await post(body, rotated)).status).toBe(204);
    expect(lines((await stop()).stdout)).toMatchObject([{ verified: true, faults: [], remarks }]);
  }
});

test('the secret may come from the environment; without one nothing is called verified', async () => {
  const known = await listening(['--json'], { KT_WEBHOOK_SECRET: `${secret} ${older}` });
  expect((await known.post(body, sign(body, { secrets: [older] }))).status).toBe(204);
  expect(lines((await known.stop()).stdout)).toMatchObject([{ verified: true }]);
  const unknown = await listening([]);
  expect((await unknown.post(body, {})).status).toBe(204);
  const { stdout, stderr } = await unknown.stop();
  expect(stdout).toContain('? not verified');
  expect(stderr).toContain('Nothing is verified');
});

test('a repeated webhook-id is remarked', async () => {
  const { post, stop } = await listening(['--secret', secret]);
  for (let time = 0; time < 3; time++) await post(body, sign(body, { secrets: [secret] }));
  const { stdout } = await stop();
  expect(stdout).toContain('it is the 2. time');
  expect(stdout).toContain('it is the 3. time');
});

test('--status answers with it whatever came', async () => {
  const { post, stop } = await listening(['--status', '500', '--secret', secret]);
  expect((await post(body, sign(body, { secrets: [secret] }))).status).toBe(500);
  expect((await post('x', {})).status).toBe(500);
  expect((await stop()).stdout).toMatch(/✓ verified .*→ 500/);
});

test('it survives what is no webhook', async () => {
  const { url, post, stop } = await listening(['--secret', secret]);
  expect((await fetch(url)).status).toBe(405);
  expect((await post('', {})).status).toBe(401);
  expect((await post('{"a":', {})).status).toBe(401);
  expect((await post('['.repeat(200_000), {})).status).toBe(401);
  expect((await post('\u001b[2J\u202e', { 'X-Keeptrusts-Event': 'a%1b' })).status).toBe(401);
  const huge = await post('x'.repeat(5 * 1024 * 1024), {}).catch(() => ({ status: 413 }));
  expect(huge.status).toBe(413);
  const { port } = new URL(url);
  for (const bytes of ['nonsense\r\n\r\n', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc']) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.end(bytes);
    await once(socket.resume(), 'close');
  }
  expect((await post(body, sign(body, { secrets: [secret] }))).status).toBe(204);
  const { code, stdout, stderr } = await stop();
  expect(code).toBe(0);
  // eslint-disable-next-line no-control-regex -- what must not come through
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(stderr).toContain('Something came that is no HTTP.');
});

test('--forward hands on byte for byte and gives the answer back; without one it is a 502', async () => {
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      received.push({ headers: request.headers, body: text });
      response.writeHead(418).end('teapot');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  const { post, stop } = await listening(['--secret', secret, '--forward', target]);
  const headers = sign(body, { secrets: [secret] });
  expect(await post(body, headers)).toEqual({ status: 418, text: 'teapot' });
  expect(received).toMatchObject([{ body, headers: { 'webhook-signature': headers['webhook-signature'] } }]);
  const closed = once(receiver, 'close');
  receiver.close();
  receiver.closeAllConnections();
  await closed;
  expect((await post(body, headers)).status).toBe(502);
  expect((await stop()).stdout).toContain('/hooks did not answer (ECONNREFUSED).');
});

test('Ctrl-C does not wait for a receiver that never answers', async () => {
  const receiver = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => {
    receiver.close();
    receiver.closeAllConnections();
  });
  const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const { post, stop } = await listening(['--forward', target]);
  const [arrived] = [once(receiver, 'request'), post(body, {}).catch(() => undefined)];
  await arrived;
  const before = Date.now();
  expect((await stop()).code).toBe(0);
  expect(Date.now() - before).toBeLessThan(20_000);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the process cleanly, with a summary', async (signal) => {
  const { child, stderr, ended } = startKtProcess(['webhook', 'listen', '--port', '0', '--json'], {
    KT_WEBHOOK_SECRET: secret,
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const { post } = await addressOf(stderr);
  expect((await post(body, sign(body, { secrets: [secret] }))).status).toBe(204);
  child.kill(signal);
  const { code, stdout, stderr: notes } = await ended;
  expect({ code, reports: lines(stdout) }).toMatchObject({ code: 0, reports: [{ verified: true, status: 204 }] });
  expect(notes).toContain('Stopped. 1 received, 0 of them wrong.');
});

test('a port that is taken is said to be', async () => {
  const { url } = await listening([]);
  const { code, stderr } = await kt(['webhook', 'listen', '--port', new URL(url).port]);
  expect(code).toBe(1);
  expect(stderr).toContain('is taken. Choose another: --port 0');
});
