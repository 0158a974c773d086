import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/integrations/http-call.js';

const limit = 64 * 1024;

describe('the HTTP client of the providers', () => {
  let respond: RequestListener = () => undefined;
  const server = createServer((request, response) => {
    respond(request, response);
  });
  const client = createHttpClient({ timeoutMs: 2_000 });
  let origin: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await client.close();
    server.close();
  });

  const get = (userinfo = '') => {
    const url = new URL(`http://${userinfo}${origin}/path?x=1`);
    return client.call({ method: 'GET', url, headers: {}, signal: new AbortController().signal });
  };
  const reply = (body: Buffer, encoding?: string) => {
    respond = (_request, response) =>
      response.writeHead(200, encoding ? { 'content-encoding': encoding } : {}).end(body);
  };

  it.each([
    ['exactly the limit', limit, true, limit],
    ['one byte more', limit + 1, false, limit],
    ['many more', 40 * limit, false, limit],
  ])('reads a body of %s', async (_name, bytes, complete, read) => {
    reply(Buffer.alloc(bytes, 'x'));
    const answer = await get();
    expect({ complete: answer.complete, read: answer.body.length }).toEqual({ complete, read });
  });

  it('applies the limit after decompression', async () => {
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      const whole = Buffer.alloc(limit, 'x');
      reply(pack(whole), encoding);
      const answer = await get();
      // Vitest compares buffers byte by byte: that takes seconds, in which the server gives the connection up.
      expect([answer.complete, answer.body.equals(whole)]).toEqual([true, true]);
      reply(pack(Buffer.alloc(limit + 1, 'x')), encoding);
      expect(await get()).toMatchObject({ complete: false, body: Buffer.alloc(0) });
    }
  });

  it('says so when a body cannot be unpacked', async () => {
    reply(Buffer.from('no gzip'), 'gzip');
    expect(await get()).toMatchObject({ status: 200, complete: false, body: Buffer.alloc(0) });
  });

  it('sends what a URL carries as credentials in the header', async () => {
    const seen: (string | undefined)[] = [];
    respond = (request, response) => {
      seen.push(request.headers.authorization, request.url);
      response.end();
    };
    await get('me%40x:pass%3Aword@');
    expect(seen).toEqual([`Basic ${Buffer.from('me@x:pass:word').toString('base64')}`, '/path?x=1']);
  });

  it('does not leave listeners on a signal that lives long', async () => {
    reply(Buffer.from('ok'));
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let i = 0; i < 5; i++)
      await client.call({ method: 'GET', url: new URL(`http://${origin}/`), headers: {}, signal });
    expect(listeners).toBe(0);
  });
});
