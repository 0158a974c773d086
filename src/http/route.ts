import { z } from 'zod';
import type { IdPrefix } from '../lib/ids.js';
import type { AuditRule } from './audit.js';
import type { Caller, Permission } from './caller.js';
import type { ErrorCode } from './error-codes.js';
import type { AnswerHeader } from './openapi/headers.js';
import type { Tag } from './openapi/tags.js';

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
  /** Sent as JSON; undefined for 204. A string, a Buffer or a stream goes out as it is, with `contentType`. */
  body?: unknown;
  headers?: Record<string, string>;
  contentType?: string;
}

/** An answer as the OpenAPI document shows it. `answer` and `textAnswer` make one with a body. */
export interface ResponseDoc {
  description: string;
  /** Without one, the answer has no body. */
  content?: { type: string; schema: z.ZodType; example: unknown };
  /** Headers of this answer, besides those that every answer has. */
  headers?: readonly AnswerHeader[];
}

/** A JSON answer. @param example is shown in the document; a test parses it with the schema */
export const answer = <S extends z.ZodType>(description: string, schema: S, example: z.input<S>): ResponseDoc => ({
  description,
  content: { type: 'application/json', schema, example },
});

/** An answer of another type than JSON. @param type such as `text/html` */
export const textAnswer = (description: string, type: string, example: string): ResponseDoc => ({
  description,
  content: { type, schema: z.string().meta({ description: `A document of the type \`${type}\`.` }), example },
});

interface RouteBase<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  /** The operation's id in the OpenAPI document: verb and noun, such as `createTicket`. Clients name their methods after it, so it never changes. */
  id: string;
  /** In OpenAPI's notation, `/orgs/{org}/…`, below `/api/v1` unless `root` is set. */
  path: string;
  root?: boolean;
  tag: Tag;
  summary: string;
  /** In Markdown. The document adds what it derives from `access`. */
  description: string;
  /** `none`: no key is asked for (signed webhooks, health). `any`: any valid key. `admin`: the ADMIN_API_KEY only. */
  access: 'none' | 'any' | 'admin' | Permission | readonly Permission[];
  params?: P;
  query?: Q;
  /** Without one, the body must be empty or `{}`. `raw`: the handler takes `rawBody` itself. */
  body?: B | 'raw';
  /** For `raw` bodies: what the document says about it. */
  bodyDoc?: z.ZodType;
  /** The body of an example request; the document needs one, or several in `bodyExamples`, for each body. */
  bodyExample?: z.input<B>;
  /** Several, by a name in camel case. */
  bodyExamples?: Record<string, { summary: string; value: z.input<B> }>;
  maxBodyBytes?: number;
  /** Headers of the request that the handler reads, for the document. */
  requestHeaders?: Record<string, z.ZodType>;
  /** By status code. */
  responses: Record<number, ResponseDoc>;
  /** The codes of problems that this operation throws itself. The document adds those of the steps before the handler. */
  errors: readonly ErrorCode[];
  handler: (request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>) => Promise<RouteReply>;
}

/** What can change something says how that is put on record. */
export type RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = RouteBase<P, Q, B> &
  ({ method: 'get'; audit?: undefined } | { method: 'post' | 'put' | 'patch' | 'delete'; audit: AuditRule });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the list of routes mixes request types; each was checked where it was defined
export type Route = RouteSpec<any, any, any>;

/** Gives a route its types; the OpenAPI document and the router are both made from what it returns. */
export function defineRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: RouteSpec<P, Q, B>,
): Route {
  return spec;
}
