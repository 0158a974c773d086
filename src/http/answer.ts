import { Readable } from 'node:stream';
import { stringifyJson } from '../lib/json/index.js';
import type { RouteReply } from './route.js';
import type { HttpContext } from './state.js';

/** An answer as it goes out: serialised, so that it can be kept and given again byte by byte. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | Readable | undefined;
}

/** Serialises a handler's reply: strings, buffers and streams as they are, everything else as JSON, nothing for undefined. */
export function toAnswer(reply: RouteReply): Answer {
  const { status, body, headers = {}, contentType } = reply;
  if (body === undefined) return { status, headers, body: undefined };
  const verbatim = typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable;
  const type = contentType ?? (verbatim ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
  return { status, headers: { ...headers, 'Content-Type': type }, body: verbatim ? body : stringifyJson(body) };
}

/** Writes an answer; headers set before (request id, limits, security) stay. */
export function sendAnswer(ctx: HttpContext, answer: Answer): void {
  ctx.status = answer.status;
  // Koa turns an undefined body into its own text, and null into 204 unless a status was set first.
  ctx.body = answer.body ?? null;
  ctx.status = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
}
