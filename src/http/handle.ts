import { newId, type IdPrefix } from '../lib/ids.js';
import { sendAnswer, toAnswer, type Answer } from './answer.js';
import type { Idempotency } from './idempotency/idempotency.js';
import type { RenderError } from './problem-answer.js';
import type { Route, RouteRequest } from './route.js';
import type { HttpContext, HttpMiddleware } from './state.js';

interface HandleOptions {
  idempotency: Idempotency;
  renderError: RenderError;
}

/** Calls the handler, once for each Idempotency-Key. */
export function callHandler(route: Route, { idempotency, renderError }: HandleOptions): HttpMiddleware {
  return async (ctx) => {
    const { caller, requestId, rawBody } = ctx.state;
    // Errors become answers in here, so that a 404 or 409 is kept like any other first answer.
    const answer = async (makeId: (prefix: IdPrefix) => string): Promise<Answer> => {
      try {
        return toAnswer(await route.handler(requestOf(ctx, makeId)));
      } catch (error) {
        return renderError(error, requestId);
      }
    };
    const key = ctx.req.headers['idempotency-key']?.toString();
    if (key === undefined || route.method !== 'post' || caller.kind === 'anonymous') {
      sendAnswer(ctx, await answer(newId));
    } else {
      sendAnswer(
        ctx,
        await idempotency({ caller, method: ctx.method, path: ctx.path, key, rawBody, requestId }, answer),
      );
    }
  };
}

function requestOf(ctx: HttpContext, makeId: (prefix: IdPrefix) => string): RouteRequest<unknown, unknown, unknown> {
  const { input, rawBody, caller, requestId, remoteAddress } = ctx.state;
  return {
    ...input,
    rawBody,
    caller,
    requestId,
    remoteAddress,
    header: (name) => ctx.req.headers[name.toLowerCase()]?.toString(),
    newId: makeId,
  };
}
