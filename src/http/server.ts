import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** How long `close` waits for running requests, in milliseconds. */
  closeWithinMs: number;
  /**
   * How long `close` leaves idle connections open, in milliseconds, and each is used once more at most. A caller that keeps
   * a connection may have sent a request over it that is not read yet; cut off, that would be lost, and a balancer must
   * not repeat a write.
   */
  idleForMs: number;
}

export interface RunningServer {
  port: number;
  /** Takes no more connections, ends idle ones after `idleForMs`, and waits for running requests; what outlasts the bound is cut off. */
  close: () => Promise<void>;
}

/**
 * Serves an app.
 * @throws the listener's error, such as EADDRINUSE
 */
export async function listen(app: { callback: () => RequestListener }, options: ServerOptions): Promise<RunningServer> {
  const { host, port, closeWithinMs, idleForMs } = options;
  const server = createServer(
    {
      headersTimeout: 10_000,
      // An upload of 8 MiB over a slow line; also what bounds the draining of a body that was refused.
      requestTimeout: 60_000,
      // Longer than the usual 60 s of balancers, which must be the ones to close.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    app.callback(),
  );
  server.on('clientError', refuseUnreadable);
  const connections = createLeaving(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const close = () => closeServer(server, connections, { closeWithinMs, idleForMs });
  return { port: (server.address() as AddressInfo).port, close };
}

/** Has each answer say that its connection ends with it, once the server is to stop: whoever keeps connections opens the next one elsewhere. */
function createLeaving(server: HttpServer): { leave: () => void } {
  const unanswered = new Set<ServerResponse>();
  let isLeaving = false;
  // Before the app, which may answer at once.
  server.prependListener('request', (_request, response) => {
    if (isLeaving) response.shouldKeepAlive = false;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  return {
    leave() {
      isLeaving = true;
      for (const response of unanswered) response.shouldKeepAlive = false;
    },
  };
}

function closeServer(
  server: HttpServer,
  connections: { leave: () => void },
  { closeWithinMs, idleForMs }: Pick<ServerOptions, 'closeWithinMs' | 'idleForMs'>,
): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), closeWithinMs);
    let endIdle: NodeJS.Timeout | undefined;
    const wait = setTimeout(() => {
      server.closeIdleConnections();
      // A connection whose answer had begun before turns idle with its end, and Node would keep that one open.
      endIdle = setInterval(() => server.closeIdleConnections(), 50);
    }, idleForMs);
    connections.leave();
    // That of HTTP servers would end idle connections at once.
    NetServer.prototype.close.call(server, () => {
      for (const timer of [cutOff, wait, endIdle]) clearTimeout(timer);
      resolve();
    });
  });
}

/** What is not HTTP never reaches the app; it gets a problem all the same. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = statusOf(error.code);
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: 'This is not a request that can be read.',
    code: 'bad_request',
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
