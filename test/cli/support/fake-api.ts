import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiCall {
  method: string;
  /** With its query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a call is answered with; `hang up` breaks the connection after the call has arrived. */
export type Answering = (call: ApiCall) => FakeAnswer | 'hang up';

export interface FakeApi {
  origin: string;
  calls: ApiCall[];
  /** For `kt`: where, and as whom. */
  env: Record<string, string>;
  close: () => Promise<void>;
}

export const fakeKey = `dbk_${'a1B2'.repeat(10)}zz`;

/** An API that answers what a test wants, over real HTTP. */
export async function startFakeApi(answering: Answering): Promise<FakeApi> {
  const calls: ApiCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      calls.push(call);
      const answer = answering(call);
      if (answer === 'hang up') {
        response.destroy();
        return;
      }
      const { status, body } = answer;
      const type = status >= 400 ? 'application/problem+json' : 'application/json';
      response.writeHead(status, { 'Content-Type': type, 'X-Request-Id': `req-${calls.length}`, ...answer.headers });
      response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    calls,
    env: { KT_API_URL: origin, KT_API_KEY: fakeKey, KT_ORG: 'acme' },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** RFC 9457's document as the API writes it. */
export const problem = (status: number, code: string, more: object = {}): FakeAnswer => ({
  status,
  body: { type: `http://x/docs/errors#${code}`, title: 'Refused', status, detail: 'It cannot be.', code, ...more },
});
