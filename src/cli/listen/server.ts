import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward, type Forwarded } from './forward.js';
import { readMessage, TooLarge, type Message } from './message.js';
import type { Report } from './report.js';
import { createSeen } from './seen.js';
import { verifyMessage, type Verdict } from './verify.js';

export interface ReceiverOptions {
  /** 0 is any that is free. */
  port: number;
  secrets: readonly string[];
  /** What each message is answered with, whatever it is like. */
  status?: number;
  /** Where each message is handed on to. */
  forwardTo?: string;
  onMessage: (report: Report) => void;
  /** What came and was no message. */
  onNonsense: (what: string) => void;
}

interface Serving extends ReceiverOptions {
  seen: (id: string) => number;
  /** Ends what is under way. */
  stop: AbortSignal;
}

export interface Receiver {
  port: number;
  close: () => Promise<void>;
}

/**
 * A receiver on the loopback address. It answers 204, and 401 where a signature is wrong.
 * @throws the system's error when the port cannot be had
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const seen = createSeen();
  const stopping = new AbortController();
  const server = createServer((request, response) => {
    serve(request, response, { ...options, seen, stop: stopping.signal }).catch(() => {
      options.onNonsense('A sender went away before it was done.');
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => {
    options.onNonsense('Something came that is no HTTP.');
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

async function serve(request: IncomingMessage, response: ServerResponse, options: Serving): Promise<void> {
  if (request.method !== 'POST') {
    request.resume();
    options.onNonsense(`A ${request.method ?? ''} came; webhooks are POSTs.`);
    respond(response, 405, 'kt webhook listen is here. Webhooks are POSTs.\n', { Allow: 'POST' });
    return;
  }
  let message: Message;
  try {
    message = await readMessage(request, new Date());
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    options.onNonsense(error.message);
    request.resume();
    respond(response, 413, error.message, { Connection: 'close' });
    return;
  }
  const verdict = verifyMessage(message, options.secrets, message.at);
  const id = message.header('webhook-id');
  const { status, body, error } = await answerFor(message, verdict, options);
  const time = id === undefined ? 1 : options.seen(id);
  options.onMessage({ message, verdict, time, status, ...(error !== undefined && { forwardError: error }) });
  respond(response, status, body ?? (verdict.faults.length > 0 ? verdict.faults.join('\n') : ''));
}

async function answerFor(message: Message, verdict: Verdict, options: Serving): Promise<Forwarded> {
  if (options.status !== undefined) return { status: options.status };
  if (options.forwardTo !== undefined) return forward(message, options.forwardTo, options.stop);
  return { status: verdict.verified === false ? 401 : 204 };
}

function respond(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, headers);
  response.end(status === 204 || status === 304 ? undefined : body);
}
