import type { ParameterizedContext, Middleware } from 'koa';
import type { Caller } from './caller.js';
import type { Route } from './route.js';

/** What is known about a request so far; each middleware adds its part. */
export interface RequestState {
  requestId: string;
  remoteAddress: string;
  caller: Caller;
  /** The matched route; undefined for an unknown path. */
  route?: Route;
  params: Record<string, string>;
  rawBody: Buffer;
  input: { params: unknown; query: unknown; body: unknown };
}

export type HttpContext = ParameterizedContext<RequestState>;
export type HttpMiddleware = Middleware<RequestState>;
