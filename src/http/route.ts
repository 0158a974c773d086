import type { z } from 'zod';
import type { IdPrefix } from '../lib/ids.js';
import type { Caller, Permission } from './caller.js';

/** What a handler is given: everything already parsed, authenticated and authorised. */
export interface RouteRequest<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** The exact bytes of the body, for signatures. Empty when there was none. */
  rawBody: Buffer;
  caller: Caller;
  requestId: string;
  header: (name: string) => string | undefined;
  /** The peer's address, a trusted proxy's word for it included. */
  remoteAddress: string;
  /**
   * A new id with this prefix. Under an Idempotency-Key it is the same one each time the request is repeated, so that
   * a repetition after a crash finds what the first one made instead of making another.
   */
  newId: (prefix: IdPrefix) => string;
}

export interface RouteReply {
  status: number;
  /** Sent as JSON; undefined for 204. A string or Buffer goes out as it is, with `contentType`. */
  body?: unknown;
  headers?: Record<string, string>;
  contentType?: string;
}

export interface ResponseDoc {
  description: string;
  schema?: z.ZodType;
}

export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's notation, `/orgs/{org}/…`, below `/api/v1` unless `root` is set. */
  path: string;
  root?: boolean;
  tag: string;
  summary: string;
  description?: string;
  /** `none`: no key is asked for (signed webhooks, health). `any`: any valid key. `admin`: the ADMIN_API_KEY only. */
  access: 'none' | 'any' | 'admin' | Permission | readonly Permission[];
  params?: P;
  query?: Q;
  /** Without one, the body must be empty or `{}`. `raw`: the handler takes `rawBody` itself. */
  body?: B | 'raw';
  /** For `raw` bodies: what the document says about it. */
  bodyDoc?: z.ZodType;
  maxBodyBytes?: number;
  /** By status code. Problems need no schema: list their codes in the description. */
  responses: Record<number, ResponseDoc>;
  handler: (request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>) => Promise<RouteReply>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the list of routes mixes request types; each was checked where it was defined
export type Route = RouteSpec<any, any, any>;

/** Gives a route its types; the OpenAPI document and the router are both made from what it returns. */
export function defineRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: RouteSpec<P, Q, B>,
): Route {
  return spec;
}
