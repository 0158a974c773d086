import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { failureOf, guarded, startReceiver } from './support/receiver.js';

const limit = 64 * 1024;

/** Vitest compares buffers byte by byte, which takes seconds for large ones. */
function expectBody(answer: { complete: boolean; body: Buffer }, complete: boolean, body: Buffer): void {
  expect([answer.complete, answer.body.length, answer.body.equals(body)]).toEqual([complete, body.length, true]);
}

describe('an answer', () => {
  test('has its status, headers, body and how long it took', async () => {
    const receiver = await startReceiver((_request, response) =>
      setTimeout(() => response.writeHead(418, { 'x-a': ['1', '2'], 'Retry-After': '7' }).end('short and stout'), 30),
    );
    const answer = await guarded().get(`http://127.0.0.1:${receiver.port}/`);
    expect(answer).toMatchObject({ status: 418, complete: true, headers: { 'x-a': ['1', '2'], 'retry-after': '7' } });
    expect(answer.body.toString()).toBe('short and stout');
    expect(answer.durationMs).toBeGreaterThanOrEqual(29);
  });

  test('comes to what was sent: method, path, headers and the very bytes', async () => {
    const seen: unknown[] = [];
    const receiver = await startReceiver((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { host, 'accept-encoding': encoding, 'x-b': own } = request.headers;
        seen.push(request.method, request.url, host, encoding, own, Buffer.concat(chunks).toString('hex'));
        response.end();
      });
    });
    await guarded().client.request({
      url: new URL(`http://127.0.0.1:${receiver.port}/a%20b?c=d#e`),
      method: 'POST',
      headers: { 'X-B': 'b', 'Accept-Encoding': 'br' },
      body: Buffer.from('00ff0d0a', 'hex'),
    });
    expect(seen).toEqual(['POST', '/a%20b?c=d', `127.0.0.1:${receiver.port}`, 'identity', 'b', '00ff0d0a']);
  });

  it.each([
    ['exactly the limit', limit, true],
    ['one byte more', limit + 1, false],
    ['many more', 60 * limit, false],
  ])('has a body of %s', async (_name, bytes, complete) => {
    const receiver = await startReceiver((_request, response) => response.end(Buffer.alloc(bytes, 'x')));
    const answer = await guarded().get(`http://127.0.0.1:${receiver.port}/`);
    expect([answer.complete, answer.body.length]).toEqual([complete, limit]);
  });

  test('is cut at the limit of the call, and the rest is never read', async () => {
    let closed = false;
    const receiver = await startReceiver((_request, response) => {
      const more = () =>
        response.write(Buffer.alloc(limit, 'x'), () => {
          if (!closed) setImmediate(more);
        });
      response.on('close', () => (closed = true));
      more();
    });
    const answer = await guarded().client.request({
      url: `http://127.0.0.1:${receiver.port}/`,
      ...{ method: 'GET', maxBodyBytes: 4096 },
    });
    expect(answer).toMatchObject({ status: 200, complete: false, body: Buffer.alloc(4096, 'x') });
    await expect.poll(() => closed).toBe(true);
  });

  test('with too many headers is none', async () => {
    const receiver = await startReceiver((_request, response) =>
      response.writeHead(200, { 'x-a': 'x'.repeat(20_000) }).end(),
    );
    expect(await failureOf(guarded().get(`http://127.0.0.1:${receiver.port}/`))).toMatchObject({
      ...{ code: 'network', reason: 'UND_ERR_HEADERS_OVERFLOW', status: null },
    });
  });
});

describe('a compressed answer that nobody asked for', () => {
  const answerOf = async (body: Buffer, encoding: string, maxBodyBytes = limit) => {
    const receiver = await startReceiver((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    return guarded({ maxBodyBytes }).get(`http://127.0.0.1:${receiver.port}/`);
  };
  const packers = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['BR', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ] as const;

  it.each(packers)('is unpacked up to the limit: %s', async (encoding, pack) => {
    const plain = Buffer.from(Array.from({ length: limit }, (_, at) => (at * 7919) % 251));
    expectBody(await answerOf(pack(plain), encoding), true, plain);
    const larger = Buffer.concat([plain, Buffer.of(1)]);
    expectBody(await answerOf(pack(larger), encoding), false, plain);
    expectBody(await answerOf(pack(plain), encoding, 4096), false, plain.subarray(0, 4096));
  });

  it.each(packers)('that would unpack to a thousand times its size stops early: %s', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(64 * 1024 * 1024));
    const used = () => process.memoryUsage().arrayBuffers;
    const before = used();
    let peak = before;
    const sampling = setInterval(() => (peak = Math.max(peak, used())), 1);
    onTestFinished(() => clearInterval(sampling));
    expectBody(await answerOf(bomb, encoding), false, Buffer.alloc(limit));
    expect(Math.max(peak, used()) - before).toBeLessThan(16 * 1024 * 1024);
  });

  test('is empty when it is broken, and in part when it breaks off', async () => {
    expect(await answerOf(Buffer.from('no gzip'), 'gzip')).toMatchObject({ complete: false, body: Buffer.alloc(0) });
    const random = Buffer.from(Array.from({ length: limit }, () => Math.floor(Math.random() * 256)));
    const cut = await answerOf(gzipSync(random).subarray(0, 60_000), 'gzip');
    expectBody(cut, false, random.subarray(0, cut.body.length));
    expect(await answerOf(Buffer.alloc(0), 'gzip')).toMatchObject({ complete: true, body: Buffer.alloc(0) });
  });

  test('stays as it is in an encoding that we do not know', async () => {
    expect(await answerOf(Buffer.from('?'), 'zstd')).toMatchObject({ complete: true, body: Buffer.from('?') });
    expect(await answerOf(Buffer.from('?'), 'gzip, br')).toMatchObject({ body: Buffer.from('?') });
  });
});

describe('the deadline', () => {
  const timeoutMs = 300;
  const inTime = async (call: Promise<unknown>) => {
    const startedAt = performance.now();
    const error = await failureOf(call);
    expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 1_500);
    return error;
  };

  test('covers the look-up', async () => {
    const { get } = guarded({ timeoutMs, resolve: () => new Promise(() => undefined) });
    expect(await inTime(get('http://slow.example/'))).toMatchObject({ code: 'timeout', status: null });
  });

  test('covers connecting', async () => {
    // A test network: packets to it go nowhere, or there is no way to it.
    const { get } = guarded({ timeoutMs, allow: ['192.0.2.0/24'] });
    expect((await inTime(get('http://192.0.2.1:81/'))).code).toMatch(/timeout|network/);
  });

  test('covers TLS', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { get } = guarded({ timeoutMs });
    const error = await inTime(get(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`));
    expect(error).toMatchObject({ code: 'timeout' });
  });

  test('covers headers', async () => {
    const receiver = await startReceiver(() => undefined);
    const error = await inTime(guarded({ timeoutMs }).get(`http://127.0.0.1:${receiver.port}/`));
    expect(error).toMatchObject({ code: 'timeout', status: null, message: 'There was no whole answer within 0.3 s.' });
  });

  test('covers a body that never ends, drop by drop', async () => {
    const receiver = await startReceiver((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const { client } = guarded();
    const error = await inTime(client.request({ url: `http://127.0.0.1:${receiver.port}/`, method: 'GET', timeoutMs }));
    expect(error).toMatchObject({ code: 'timeout', status: 200 });
  });

  test('leaves nothing behind: what waited for a connection is not sent afterwards', async () => {
    let served = 0;
    const receiver = await startReceiver((_request, response) => {
      served += 1;
      response.end();
    });
    let answer: (addresses: string[]) => void = () => undefined;
    const { client, get } = guarded({ resolve: () => new Promise((resolve) => (answer = resolve)) });
    const url = `http://slow.example:${receiver.port}/`;
    await failureOf(client.request({ url, method: 'POST', timeoutMs: 50 }));
    answer(['127.0.0.1']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(served).toBe(0);
    const later = get(url);
    answer(['127.0.0.1']);
    expect(await later).toMatchObject({ status: 200 });
  });
});

describe('a connection', () => {
  test('that is refused gives the code and no address', async () => {
    const receiver = await startReceiver(() => undefined);
    receiver.server.close();
    const error = await failureOf(guarded().get(`http://127.0.0.1:${receiver.port}/path`));
    expect(error).toMatchObject({
      code: 'network',
      reason: 'ECONNREFUSED',
      message: 'The connection failed (ECONNREFUSED).',
    });
    expect(JSON.stringify(error)).not.toMatch(/127\.0|path/);
  });

  test('to a name that nobody has', async () => {
    expect(await failureOf(guarded().get('http://nobody.invalid/'))).toMatchObject({ code: 'unknown_host' });
  });

  test('that breaks before the answer or in the middle of it fails, unless a 2xx has come', async () => {
    const receiver = await startReceiver((request, response) => {
      if (request.url === '/before') request.socket.resetAndDestroy();
      else {
        response.writeHead(request.url === '/taken' ? 200 : 503, { 'content-length': '100' });
        response.write('half', () => request.socket.resetAndDestroy());
      }
    });
    const { get } = guarded();
    const url = `http://127.0.0.1:${receiver.port}`;
    expect(await failureOf(get(`${url}/before`))).toMatchObject({ code: 'network', status: null });
    expect(await failureOf(get(`${url}/middle`))).toMatchObject({ code: 'network', status: 503 });
    const taken = await get(`${url}/taken`);
    expect(taken).toMatchObject({ status: 200, complete: false });
    expect(taken.brokenBy).toMatch(/^The connection failed/);
  });

  test('is made to the next address when one does not answer', async () => {
    const receiver = await startReceiver((_request, response) => response.end('second'));
    // 127.0.0.3 refuses at once; 192.0.2.1 may say nothing at all.
    const { get } = guarded({
      allow: ['127.0.0.0/8', '192.0.2.0/24'],
      resolve: () => Promise.resolve(['127.0.0.3', '192.0.2.1', '127.0.0.1']),
    });
    expect((await get(`http://many.example:${receiver.port}/`)).body.toString()).toBe('second');
  });

  test('is used again, and many are made at once without a warning', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const receiver = await startReceiver((_request, response) => setTimeout(() => response.end(), 20));
    const { client } = guarded({ pool: { connections: 30 } });
    const { signal } = new AbortController();
    const url = `http://127.0.0.1:${receiver.port}/`;
    const all = () => Promise.all(Array.from({ length: 90 }, () => client.request({ url, method: 'GET', signal })));
    await all();
    await all();
    expect(receiver.connections()).toBe(30);
    expect(warnings).toEqual([]);
  });
});

describe('a call that is no longer wanted', () => {
  test('ends at once, whether it is under way or has not begun', async () => {
    const receiver = await startReceiver(() => undefined);
    const { client } = guarded();
    const stop = new AbortController();
    const call = (signal: AbortSignal) =>
      client.request({ url: `http://127.0.0.1:${receiver.port}/`, method: 'GET', signal });
    const running = failureOf(call(stop.signal));
    setTimeout(() => stop.abort(new Error('secret reason')), 50);
    expect(await running).toMatchObject({ code: 'aborted', message: 'The call was stopped before it ended.' });
    expect(await failureOf(call(AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
  });

  test('ends with the client, while it connects and while it waits', async () => {
    const receiver = await startReceiver(() => undefined);
    const resolve = (name: string) =>
      name === 'slow.example' ? new Promise<string[]>(() => undefined) : Promise.resolve(['127.0.0.1']);
    const { client, get } = guarded({ resolve });
    const calls = ['slow.example', 'quick.example'].map((host) => failureOf(get(`http://${host}:${receiver.port}/`)));
    await expect.poll(() => receiver.connections()).toBe(1);
    await client.close();
    for (const call of calls) expect(await call).toMatchObject({ code: 'aborted' });
    expect(await failureOf(get('http://quick.example/'))).toMatchObject({ code: 'aborted' });
    await client.close();
  });
});
