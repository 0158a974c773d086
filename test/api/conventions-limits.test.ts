import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { probeRoutes } from '../support/probe-routes.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ routes: probeRoutes, rateLimitPerSecond: 5, trustedProxies: ['127.0.0.1'] });
});
afterAll(() => app.close());

/** Sends bytes as they are, and gives everything that comes back until the connection ends or `enough` is seen. */
function speak(bytes: string, enough: RegExp, then = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.origin).port), '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.setTimeout(5_000, () => reject(new Error(`heard only: ${heard}`)));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    socket.on('data', (data) => {
      heard += data.toString();
      if (then) socket.write(then);
      then = '';
      if (enough.test(heard)) socket.destroy();
    });
  });
}

const head = (lines: string[]) => ['POST /api/v1/probe/raw HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');

describe('bodies that are too large', () => {
  it('are refused by their announced length, before they are sent', async () => {
    expect(await speak(head(['Content-Length: 1025']), /payload_too_large/)).toContain('HTTP/1.1 413');
  });

  it('are refused while they stream in without a length, and the connection goes on', async () => {
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const next = `${chunk}0\r\n\r\nGET /api/v1/nowhere HTTP/1.1\r\nHost: x\r\n\r\n`;
    const heard = await speak(head(['Transfer-Encoding: chunked']) + chunk + chunk, /not_found/, next);
    expect(heard).toContain('HTTP/1.1 413');
    expect(heard).toContain('HTTP/1.1 404');
  });

  it('leave one of exactly the limit alone', async () => {
    expect((await app.anonymous.post('/probe/raw', 'x'.repeat(1024))).status).toBe(200);
    expect((await app.anonymous.post('/probe/raw', 'x'.repeat(1025))).status).toBe(413);
  });

  it('have 256 KiB unless a route says otherwise', async () => {
    const key = await app.keyOf(await app.newOrg(), ['read']);
    const sized = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect((await key.post('/probe/echo', sized(256 * 1024))).status).toBe(201);
    expect((await key.post('/probe/echo', sized(256 * 1024 + 1))).status).toBe(413);
  });
});

describe('what is not HTTP', () => {
  it('gets a problem too', async () => {
    const heard = await speak('nonsense\r\n\r\n', /bad_request/);
    expect(heard).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
  });
});

/**
 * Five calls pass in each one-second window. A slow run has more windows, so the lower bound follows from its duration.
 * @param startedAt before the first of these calls
 */
function expectRefused({ refused, of }: { refused: number; of: number }, startedAt: number): void {
  const seconds = Math.floor((Date.now() - startedAt) / 1_000) + 1;
  expect(refused).toBeGreaterThanOrEqual(of - 5 * seconds);
  expect(refused).toBeLessThanOrEqual(of - 5);
}

describe('rates', () => {
  it('are shown on each answer, and refused past the limit of a key and its second', async () => {
    const org = await app.newOrg();
    const key = await app.keyOf(org, ['read']);
    const other = await app.keyOf(org, ['read']);
    const startedAt = Date.now();
    const answers = await Promise.all(Array.from({ length: 60 }, () => key.get('/whoami')));
    const refused = answers.filter((answer) => answer.status === 429);
    expectRefused({ refused: refused.length, of: 60 }, startedAt);
    expect(refused[0]?.body.code).toBe('rate_limited');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    for (const { headers } of answers) {
      expect(headers.get('ratelimit-limit')).toBe('5');
      expect(headers.get('ratelimit-remaining')).toMatch(/^[0-4]$/);
      expect(headers.get('ratelimit-reset')).toBe('1');
    }
    expect((await other.get('/whoami')).status).toBe(200);
  });

  it('count calls without a usable key by their address', async () => {
    const from = (address: string) => app.anonymous.get('/whoami', { 'X-Forwarded-For': address });
    const startedAt = Date.now();
    const statuses = (await Promise.all(Array.from({ length: 60 }, () => from('203.0.113.1')))).map(
      ({ status }) => status,
    );
    const refused = statuses.filter((status) => status === 429).length;
    expect(statuses.filter((status) => status === 401)).toHaveLength(60 - refused);
    expectRefused({ refused, of: 60 }, startedAt);
    expect((await from('203.0.113.2')).status).toBe(401);
  });

  it('never refuse a signed webhook', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.anonymous.post('/probe/raw', 'x')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(answers[0]?.headers.get('ratelimit-limit')).toBe('5');
  });
});
