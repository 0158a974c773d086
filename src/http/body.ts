import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { badRequest, payloadTooLarge, unsupportedMediaType } from './problem.js';
import type { Route } from './route.js';
import type { HttpMiddleware } from './state.js';

/** 256 KiB, unless a route says otherwise. */
export const defaultMaxBodyBytes = 256 * 1024;

/** Reads the body's bytes within the route's limit; what they mean is for validation, or for a `raw` handler. */
export function readRequestBody(route: Route): HttpMiddleware {
  const limitBytes = route.maxBodyBytes ?? defaultMaxBodyBytes;
  return async (ctx, next) => {
    if (hasBody(ctx.req)) ctx.state.rawBody = await read(ctx.req, limitBytes);
    await next();
  };
}

const hasBody = (request: IncomingMessage) =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

async function read(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw unsupportedMediaType('Send the body without a Content-Encoding.');
  const length = request.headers['content-length'] ?? null;
  // Unread bodies are drained by Node after the answer, so the connection stays usable.
  if (Number(length) > limitBytes) throw payloadTooLarge(limitBytes);
  try {
    return await getRawBody(request, { length, limit: limitBytes });
  } catch (error) {
    // raw-body leaves the stream paused halfway, and Node drains only what nobody began to read.
    request.resume();
    if (typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.too.large') {
      throw payloadTooLarge(limitBytes);
    }
    throw badRequest('incomplete_body', 'The body ended before it was complete.');
  }
}
