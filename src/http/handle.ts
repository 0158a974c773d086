import { newId, type IdPrefix } from '../lib/ids.js';
import { sendAnswer, toAnswer, type Answer } from './answer.js';
import { fieldNames, type AuditTrail } from './audit.js';
import type { Idempotency } from './idempotency/idempotency.js';
import type { RenderError } from './problem-answer.js';
import type { Route, RouteReply, RouteRequest } from './route.js';
import type { HttpContext, HttpMiddleware } from './state.js';

interface HandleOptions {
  idempotency: Idempotency;
  auditTrail: AuditTrail;
  renderError: RenderError;
}

/** Calls the handler, once for each Idempotency-Key, and puts on record what it changes. */
export function callHandler(route: Route, { idempotency, auditTrail, renderError }: HandleOptions): HttpMiddleware {
  return async (ctx) => {
    const { caller, requestId, rawBody } = ctx.state;
    // Errors become answers in here, so that a 404 or 409 is kept like any other first answer.
    const answer = async (makeId: (prefix: IdPrefix) => string): Promise<Answer> => {
      try {
        return toAnswer(await recorded(route, ctx, auditTrail, () => route.handler(requestOf(ctx, makeId))));
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

function recorded(
  { audit: rule }: Route,
  ctx: HttpContext,
  auditTrail: AuditTrail,
  handle: () => Promise<RouteReply>,
): Promise<RouteReply> {
  if (rule === undefined || 'none' in rule) return handle();
  const { caller, params, requestId, remoteAddress: address, input } = ctx.state;
  const call = {
    ...{ orgId: params.org ?? null, caller, rule, params, requested: fieldNames(input.body) },
    source: { kind: 'api', address, requestId, session: null } as const,
  };
  return auditTrail.run(call, handle, ({ body }) => ({ outcome: 'succeeded', createdId: idIn(body) }));
}

function idIn(body: unknown): string | undefined {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'id' in body && typeof body.id === 'string' ? body.id : undefined;
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
