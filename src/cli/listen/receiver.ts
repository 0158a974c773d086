import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../errors.js';
import type { Report } from './report.js';
import { verifyMessage, type Message, type Verification } from './verify.js';

export interface ReceiverOptions {
  /** 0 takes any free port. */
  port: number;
  secrets: readonly string[];
  /** The status of every response; undefined is 204, or 401 for a wrong signature. */
  status: number | undefined;
  /** A URL that gets every message, and whose response is returned. */
  forwardTo: string | undefined;
  onMessage: (report: Report) => void;
  /** Gets a sentence about each request that is not a webhook. */
  onInvalid: (reason: string) => void;
}

interface Context extends ReceiverOptions {
  countOf: (id: string) => number;
  /** Aborts requests in progress. */
  stop: AbortSignal;
}

export interface Receiver {
  port: number;
  close: () => Promise<void>;
}

/**
 * Starts a receiver of webhooks on the loopback address.
 * @throws the system error when the port is not available
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const stopping = new AbortController();
  const context: Context = { ...options, countOf: createCounter(), stop: stopping.signal };
  const server = createServer((request, response) => {
    serve(request, response, context).catch(() => {
      options.onInvalid('A sender closed its connection before the request was complete.');
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => {
    options.onInvalid('Something came that is no HTTP.');
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  if (request.method !== 'POST') {
    request.resume();
    context.onInvalid(`A ${request.method ?? ''} came; webhooks are POSTs.`);
    respond(response, 405, 'This is kt webhook listen. Webhooks are POSTs.\n', { Allow: 'POST' });
    return;
  }
  let message: Message;
  try {
    message = await readMessage(request, new Date());
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    context.onInvalid(error.message);
    request.resume();
    respond(response, 413, error.message, { Connection: 'close' });
    return;
  }
  const verification = verifyMessage(message, context.secrets, message.at);
  const { status, body, error: forwardError } = await answerTo(message, verification, context);
  const id = message.header('webhook-id');
  const time = id === undefined ? 1 : context.countOf(id);
  context.onMessage({ message, verification, time, status, forwardError });
  respond(response, status, body ?? verification.faults.join('\n'));
}

interface Answer {
  status: number;
  body?: Buffer;
  error?: string;
}

async function answerTo(message: Message, { verified }: Verification, context: Context): Promise<Answer> {
  if (context.status !== undefined) return { status: context.status };
  if (context.forwardTo !== undefined) return forward(message, context.forwardTo, context.stop);
  return { status: verified === false ? 401 : 204 };
}

function respond(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers);
  response.end(status === 204 || status === 304 ? undefined : body);
}

class TooLargeError extends Error {}

/** The data of an event has at most 256 KiB. Anything much larger is not a webhook and must not fill the memory. */
const maxBodyBytes = 4 * 1024 * 1024;

/** @throws TooLargeError; or the error of the stream when the sender closes the connection */
async function readMessage(request: IncomingMessage, at: Date): Promise<Message> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new TooLargeError(`The body has more than ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { at, headers, header: (name) => headers[name.toLowerCase()], rawBody: Buffer.concat(chunks) };
}

/** Headers of a connection, and those that `fetch` sets itself. */
const connectionHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const forwardTimeoutMs = 30_000;

/** Sends a message unchanged to a URL and returns the response; a 502 when there is none. */
async function forward({ headers, rawBody }: Message, url: string, stop: AbortSignal): Promise<Answer> {
  try {
    const forwarded = Object.entries(headers).filter(([name]) => !connectionHeaders.has(name));
    const response = await fetch(url, {
      method: 'POST',
      headers: Object.fromEntries(forwarded),
      body: new Uint8Array(rawBody),
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(forwardTimeoutMs)]),
    });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    const reason = errorCode(error) ?? (error instanceof Error ? error.name : 'unknown');
    return { status: 502, error: `${url} did not answer (${reason}).` };
  }
}

const maxIds = 10_000;

/** Counts how often each `webhook-id` came; forgets the least recent ids. */
function createCounter(): (id: string) => number {
  const counts = new Map<string, number>();
  return (id) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.delete(id);
    counts.set(id, count);
    if (counts.size > maxIds) counts.delete(counts.keys().next().value ?? '');
    return count;
  };
}
