import type { TLSSocket } from 'node:tls';
import { describe, expect, it, test } from 'vitest';
import { selfSigned } from './support/certificate.js';
import { failureOf, guarded, startReceiver } from './support/receiver.js';

const ours = selfSigned(['receiver.example', '127.0.0.1']);
const theirs = selfSigned(['other.example']);
const resolve = () => Promise.resolve(['127.0.0.1']);

describe('HTTPS', () => {
  test('is made with the name that was asked for, and not with the address that was dialled', async () => {
    const names: unknown[] = [];
    const receiver = await startReceiver((request, response) => {
      names.push((request.socket as TLSSocket & { servername?: unknown }).servername, request.headers.host);
      response.end('safe');
    }, ours);
    const { get } = guarded({ resolve, trust: { ca: ours.cert } });
    for (const host of ['receiver.example', 'receiver.example', 'RECEIVER.example.'])
      expect((await get(`https://${host}:${receiver.port}/`)).body.toString()).toBe('safe');
    expect(names.filter((name) => name === 'receiver.example')).toHaveLength(3);
  });

  test('is made with a literal address when the certificate has it', async () => {
    const receiver = await startReceiver(
      (request, response) => response.end(String((request.socket as TLSSocket & { servername?: unknown }).servername)),
      ours,
    );
    const { get } = guarded({ trust: { ca: ours.cert } });
    expect((await get(`https://127.0.0.1:${receiver.port}/`)).body.toString()).toBe('false');
    expect(await failureOf(get(`https://127.0.0.2:${receiver.port}/`))).toMatchObject({ code: 'network' });
  });

  it('says so where the port speaks plain HTTP', async () => {
    const receiver = await startReceiver((_request, response) => response.end());
    expect(await failureOf(guarded({ resolve }).get(`https://receiver.example:${receiver.port}/`))).toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/^The receiver speaks no TLS at this address: use http:\/\//) as unknown,
    });
  });

  it.each([false, true])(
    'is not made with a certificate that nobody has signed (NODE_TLS_REJECT_UNAUTHORIZED: %s)',
    async (off) => {
      if (off) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      try {
        const receiver = await startReceiver((_request, response) => response.end(), ours);
        const error = await failureOf(guarded({ resolve }).get(`https://receiver.example:${receiver.port}/`));
        expect(error).toMatchObject({
          ...{ code: 'tls', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', status: null },
          message: 'No trusted TLS connection could be made (DEPTH_ZERO_SELF_SIGNED_CERT).',
        });
      } finally {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      }
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is not made with a certificate for another name, however often: %s',
    async (maxVersion) => {
      let served = 0;
      const receiver = await startReceiver((_request, response) => response.end(String((served += 1))), {
        ...theirs,
        maxVersion,
      });
      const { get } = guarded({ resolve, trust: { ca: theirs.cert } });
      // A resumed session would skip the certificate's name.
      for (let i = 0; i < 3; i++)
        expect(await failureOf(get(`https://receiver.example:${receiver.port}/`))).toMatchObject({
          ...{ code: 'tls', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
        });
      expect(served).toBe(0);
      expect((await get(`https://other.example:${receiver.port}/`)).status).toBe(200);
    },
  );

  test('is not made to a server that speaks plain HTTP', async () => {
    const receiver = await startReceiver((_request, response) => response.end());
    expect(await failureOf(guarded().get(`https://127.0.0.1:${receiver.port}/`))).toMatchObject({ code: 'tls' });
  });
});
