import { isAllowed, type Caller } from './caller.js';
import type { Authenticate, RequireOrgAccess } from './credentials.js';
import { forbidden, Problem } from './problem.js';
import { limitByAddress, limitByKey, showOpenLimit, type RateLimit } from './rate-limit.js';
import type { Route } from './route.js';
import type { HttpMiddleware } from './state.js';

/** Finds the caller, and counts the call against its key; calls without a usable one count against their address. */
export function authenticateCaller(
  route: Route,
  { authenticate, rateLimit }: { authenticate: Authenticate; rateLimit: RateLimit },
): HttpMiddleware {
  // Signed webhooks are limited by wrong signatures only, and probes and documents not at all.
  if (route.access === 'none') {
    return async (ctx, next) => {
      await showOpenLimit(ctx, rateLimit);
      await next();
    };
  }
  return async (ctx, next) => {
    const { headers } = ctx.req;
    try {
      ctx.state.caller = await authenticate({
        authorization: headers.authorization,
        actorId: headers['x-actor-id']?.toString(),
        actorName: headers['x-actor-name']?.toString(),
        from: { address: ctx.state.remoteAddress, requestId: ctx.state.requestId },
      });
    } catch (error) {
      if (error instanceof Problem) await limitByAddress(ctx, rateLimit);
      throw error;
    }
    await limitByKey(ctx, rateLimit);
    await next();
  };
}

/** The one place that keeps orgs apart: a path with `{org}` is entered by its own keys and the admin only. */
export function enterOrgOfPath(requireOrgAccess: RequireOrgAccess): HttpMiddleware {
  return async (ctx, next) => {
    const { caller, params } = ctx.state;
    if (params.org !== undefined && caller.kind !== 'anonymous') await requireOrgAccess(caller, params.org);
    await next();
  };
}

/** Refuses a key that holds too little. */
export function authorise(route: Route): HttpMiddleware {
  return async (ctx, next) => {
    if (!mayCall(route.access, ctx.state.caller)) throw forbidden(needed(route.access));
    await next();
  };
}

function mayCall(access: Route['access'], caller: Caller): boolean {
  if (access === 'none' || caller.kind === 'admin') return true;
  if (caller.kind === 'anonymous' || access === 'admin') return false;
  if (access === 'any') return true;
  return isAllowed(caller.permissions, typeof access === 'string' ? [access] : access);
}

function needed(access: Route['access']): string {
  if (access === 'admin') return 'This call needs the admin key.';
  return `This call needs a key with the permission ${[access].flat().join(' or ')}.`;
}
