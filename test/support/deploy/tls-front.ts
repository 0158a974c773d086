import { readFileSync } from 'node:fs';
import {
  connect,
  constants,
  createSecureServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificates.js';

export interface TlsFrontOptions {
  /** Where the server without TLS is, `host:port`. */
  upstream: string;
  certificate: Certificate;
  /** Clients need a certificate of this authority. */
  clientCaFile: string;
  /** The only key that is let in, as `Authorization: Bearer`. */
  apiKey: string;
}

export interface TlsFront {
  port: number;
  /** Calls that were passed on, and calls that were refused for their key. */
  readonly passed: number;
  readonly refused: number;
  close(): Promise<void>;
}

/** Of gRPC: the caller is not known. */
const unauthenticated = '16';

/**
 * What stands before Temporal in production, before the development server, which has none of it: TLS with client certificates, and a key
 * that each call is asked for.
 */
export async function startTlsFront(options: TlsFrontOptions): Promise<TlsFront> {
  const counts = { passed: 0, refused: 0 };
  const sessions = new Set<{ destroy(): void }>();
  const server = createSecureServer({
    cert: readFileSync(options.certificate.certFile),
    key: readFileSync(options.certificate.keyFile),
    ca: readFileSync(options.clientCaFile),
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on('session', (session) => {
    const upstream = connect(`http://${options.upstream}`);
    sessions.add(session).add(upstream);
    upstream.on('error', () => session.destroy());
    upstream.on('close', () => session.destroy());
    session.on('error', () => undefined);
    session.on('close', () => upstream.destroy());
    session.on('stream', (stream, headers) => {
      if (headers.authorization !== `Bearer ${options.apiKey}`) {
        counts.refused += 1;
        stream.on('error', () => undefined);
        const answer = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': unauthenticated };
        stream.respond({ ...answer, 'grpc-message': 'who are you' }, { endStream: true });
        return;
      }
      counts.passed += 1;
      pass(stream, headers, upstream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get passed() {
      return counts.passed;
    },
    get refused() {
      return counts.refused;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}

/** One call, in both directions, with the trailers that gRPC's status comes in. */
function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, upstream: ClientHttp2Session): void {
  const call = upstream.request(headers, { endStream: false });
  let trailers: IncomingHttpHeaders = {};
  for (const [one, other] of [
    [stream, call],
    [call, stream],
  ] as const) {
    one.on('error', () => other.close(constants.NGHTTP2_CANCEL));
    one.on('aborted', () => other.close(constants.NGHTTP2_CANCEL));
  }
  call.on('trailers', (received) => (trailers = received));
  call.on('response', (response, flags) => {
    // A refusal has its status here, and no body behind it.
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (stream.destroyed) return;
    stream.respond(response, { endStream, waitForTrailers: !endStream });
    if (endStream) return;
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  stream.pipe(call);
}
