import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpMiddleware } from './state.js';

const acceptable = /^[\w.-]{1,128}$/;

/** Starts a request's state. A caller's own request id is kept when it is harmless in a log line and a header. */
export function identifyRequest(remoteAddressOf: (request: IncomingMessage) => string): HttpMiddleware {
  return async (ctx, next) => {
    const own = ctx.get('X-Request-Id');
    ctx.state.requestId = acceptable.test(own) ? own : randomUUID();
    ctx.state.remoteAddress = remoteAddressOf(ctx.req);
    ctx.state.caller = { kind: 'anonymous' };
    ctx.state.params = {};
    ctx.state.rawBody = Buffer.alloc(0);
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
}
