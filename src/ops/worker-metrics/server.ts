import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { checkMetricsAccess } from '../health/metrics-access.js';
import { Problem } from '../../http/problem.js';

export interface MetricsServerOptions {
  host: string;
  port: number;
  /** METRICS_TOKEN; without it, metrics are for this machine only. */
  token: string | undefined;
  contentType: string;
  read: () => Promise<string>;
}

/**
 * Serves `GET /metrics`, and nothing else.
 * @returns a function that ends it
 * @throws the listener's error, such as EADDRINUSE
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<() => Promise<void>> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    void answer(options, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function answer(options: MetricsServerOptions, request: IncomingMessage, response: ServerResponse) {
  const { status, type = 'text/plain; charset=utf-8', body } = await answerTo(options, request);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

async function answerTo(
  { token, contentType, read }: MetricsServerOptions,
  request: IncomingMessage,
): Promise<{ status: number; type?: string; body: string }> {
  if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
    return { status: 404, body: 'Only GET /metrics is here.\n' };
  }
  try {
    const header = (name: string) => request.headers[name]?.toString();
    checkMetricsAccess(token, { header, remoteAddress: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '' });
    return { status: 200, type: contentType, body: await read() };
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, body: `${error.detail}\n` };
    return { status: 500, body: 'The metrics could not be read.\n' };
  }
}
